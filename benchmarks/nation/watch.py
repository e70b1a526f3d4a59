"""Run a command and watch its whole family: what each process costs and how large it gets. Linux alone, by /proc."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PAUSE = 0.1
_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(slots=True)
class Watched:
    """A process. ``began`` and ``ended`` are times of day in seconds; ``cpu`` are pairs of such a time and seconds of work."""

    pid: int
    began: float
    command: str
    ended: float = 0.0
    peak_rss_mb: float = 0.0
    cpu: list[tuple[float, float]] = field(default_factory=list)

    def cpu_until(self, moment: float) -> float:
        """Seconds of work up to a time of day."""
        return next((cpu for at, cpu in reversed(self.cpu) if at <= moment), 0.0)


@dataclass(frozen=True, slots=True)
class Family:
    """A command that has ended. ``cpu_seconds`` is the work of all its processes, as the kernel accounts for them."""

    exit_code: int
    began: float
    ended: float
    cpu_seconds: float
    processes: tuple[Watched, ...]

    @property
    def wall_seconds(self) -> float:
        """From beginning to end."""
        return self.ended - self.began

    @property
    def main(self) -> Watched:
        """The process that was started first."""
        return self.processes[0]


def watch(command: Sequence[str], *, cwd: Path, output: Path, log: Path) -> Family:
    """Run ``command`` to its end; what it prints goes to ``output``, what it complains to ``log``.

    Peaks are the kernel's own (VmHWM), so that looking now and then misses only what a process grows in its last moments.
    """
    with output.open("wb") as out, log.open("wb") as err:
        began = time.time()
        process = subprocess.Popen(list(command), cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        known: dict[int, Watched] = {}
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            _look(process.pid, known)
            time.sleep(_PAUSE)
    process.returncode = os.waitstatus_to_exitcode(status)  # it was reaped here, so Popen must not wait again
    cpu = usage.ru_utime + usage.ru_stime
    return Family(process.returncode, began, time.time(), cpu, tuple(known.values()))


def _look(root: int, known: dict[int, Watched]) -> None:
    now = time.time()
    for pid in _family(root):
        try:
            one = known.get(pid) or known.setdefault(pid, Watched(pid, now, _command(pid)))
            if one.command != (told := _command(pid)) and told:
                one.command = told  # seen between fork and exec
            one.ended, one.peak_rss_mb = now, max(one.peak_rss_mb, peak_of(pid))
            one.cpu.append((now, _cpu(pid)))
        except (OSError, IndexError):
            continue  # it ended while we looked


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 -- many times a second
        children = [Path(f"/proc/{pid}/task/{thread}/children").read_text(encoding="ascii") for thread in threads]
    except OSError:
        return
    for child in " ".join(children).split():
        yield from _family(int(child))


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def peak_of(pid: int) -> float:
    """The largest resident set of a process so far, in MB of 10^6 bytes."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _cpu(pid: int) -> float:
    """Of the process itself; its name, in brackets, may hold anything."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
