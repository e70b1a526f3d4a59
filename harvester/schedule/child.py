"""Commands of the harvester as processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol


class Child(Protocol):
    """A command under way."""

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""

    def terminate(self) -> None:
        """Ask it to stop: it hands back what it holds."""

    def kill(self) -> None:
        """End it at once; what it held is free because it is gone."""


class StartCommand(Protocol):
    """Starts ``harvester …`` with arguments."""

    def __call__(self, arguments: Sequence[str]) -> Child:
        """Begin, and do not wait."""


def start_in(workspace: Path, clock: Callable[[], datetime] | None = None) -> StartCommand:
    """How commands are started in a workspace; ``clock`` is the time they are to have, where it is not the real one.

    In a session of their own: a Ctrl-C or a signal to the scheduler's group must not cut off a harvest that may finish. Their
    tables go nowhere, the reports have them; what they log goes where the scheduler's log goes.
    """

    def start(arguments: Sequence[str]) -> Child:
        command = [sys.executable, "-m", "harvester", "-w", str(workspace), *arguments]
        if clock is not None:
            command += ["--at", clock().isoformat()]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)

    return start
