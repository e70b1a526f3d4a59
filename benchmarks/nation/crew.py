"""A dask cluster on loopback, whose scheduler and workers can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

_DASK = "distributed.cli.dask_"


class Crew:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path, workers: int, environment: dict[str, str] | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self._folder, self._environment = folder, {**os.environ, **(environment or {})}
        folder.mkdir()
        self._log = (folder / "crew.log").open("w", encoding="utf-8")
        self.workers: list[subprocess.Popen[bytes]] = []
        self.start_scheduler()
        for _ in range(workers):
            self.start_worker()

    def start_scheduler(self) -> None:
        """Begin to schedule; where one was killed, at the same address."""
        port = self.address.rpartition(":")[2]
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", port)

    def start_worker(self) -> None:
        """One more worker."""
        told = ("--nthreads", "1", "--no-nanny", "--memory-limit", "0", "--local-directory", str(self._folder))
        self.workers.append(self._start("worker", self.address, *told))

    def kill_worker(self) -> None:
        """A worker is gone from one moment to the next."""
        self._kill(self.workers.pop(0))

    def kill_scheduler(self) -> None:
        """The scheduler is gone; its workers end, as dask's do, and whoever looks after them starts them again."""
        self._kill(self.scheduler)
        for worker in self.workers:
            self._kill(worker)
        count, self.workers = len(self.workers), []
        self.start_scheduler()
        for _ in range(count):
            self.start_worker()

    def stop(self) -> None:
        """End them all."""
        for process in [*self.workers, self.scheduler]:
            self._kill(process)
        self._log.close()

    def _start(self, what: str, *told: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"{_DASK}{what}", *told, "--no-dashboard"]
        return subprocess.Popen(command, stdout=self._log, stderr=self._log, env=self._environment)

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()
