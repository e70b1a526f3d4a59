"""The nation's server as a process of its own, for whoever harvests it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.nation import address
from benchmarks.nation.nation import Nation

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Served:
    """A nation that is being played. ``nation`` has the port it is played on; ``pid`` is the server's."""

    nation: Nation
    pid: int

    def set_day(self, day: int) -> None:
        """Let another day come."""
        self._ask("POST", f"?day={day}")

    def told(self) -> dict[str, Any]:
        """The day, and how many requests and bytes were answered so far."""
        return self._ask("GET", "")

    def _ask(self, method: str, query: str) -> dict[str, Any]:
        url = self.nation.url(address.CONTROL, f"/__day{query}")
        with urlopen(Request(url, method=method), timeout=60) as reply:  # noqa: S310 -- loopback
            found: dict[str, Any] = json.load(reply)
            return found


@contextmanager
def serving(seed: int, scale: float, *, port: int = 0, haste: float = 0.0) -> Iterator[Served]:
    """Play a nation for as long as the block lasts; port 0 takes a free one, which makes another nation of it.

    Raises:
        RuntimeError: the server did not start.
    """
    command = [sys.executable, "-m", "benchmarks.nation.server", "--seed", str(seed), "--scale", str(scale)]
    command += ["--port", str(port), "--haste", str(haste)]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the server's pipes were not opened")
        try:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("the server of the nation did not start")
            yield Served(Nation(seed, scale, int(json.loads(line)["port"])), process.pid)
        finally:
            process.stdin.close()
            process.wait()
