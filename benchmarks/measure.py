"""Run a command and account for what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes there, kilobytes on Linux


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process and the children it waited for cost.

    ``cpu_seconds`` is user and system time together. ``peak_rss_mb`` (10^6 bytes) is the largest resident set that any
    one of these processes had, not their sum.
    """

    exit_code: int
    cpu_seconds: float
    wall_seconds: float
    peak_rss_mb: float


def installed(directory: Path) -> list[str]:
    """Python as it is installed: with its bytecode at hand (in ``directory``), whatever this environment says of writing it."""
    cached = f"PYTHONPYCACHEPREFIX={directory / 'bytecode'}"
    return ["/usr/bin/env", "-u", "PYTHONDONTWRITEBYTECODE", cached, sys.executable]


def measure(command: Sequence[str], *, cwd: Path, log: Path) -> Measured:
    """Run ``command`` to its end; what it prints goes to ``log``.

    Accounting is that of ``wait4``: this child and what it reaped, nothing of the caller or of other children. A child
    inherits the caller's resident set as its first peak, so the caller should be small.
    """
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(list(command), cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)  # it was reaped here, so Popen must not wait again
    return Measured(
        exit_code=process.returncode,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=wall,
        peak_rss_mb=usage.ru_maxrss * _MAXRSS_UNIT / 1e6,
    )
