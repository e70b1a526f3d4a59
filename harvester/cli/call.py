"""One call of the command line: its common options and where it writes."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rich.console import Console

from harvester.arguments import Common
from harvester.registry import Registry, read_registry
from harvester.workspace import Workspace

WIDTH = 130
"""Columns where there is no terminal to ask."""


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    known = stream.isatty() or "COLUMNS" in os.environ
    return Console(stderr=stderr, width=None if known else WIDTH)


@dataclass(frozen=True)
class Call:
    """What every verb is given. With ``--json``, standard output is for the one document alone."""

    common: Common
    out: Console = field(default_factory=lambda: _console(stderr=False))
    err: Console = field(default_factory=lambda: _console(stderr=True))

    @property
    def workspace(self) -> Workspace:
        """The workspace the call works in."""
        return Workspace(self.common.workspace)

    @property
    def tables(self) -> Console:
        """Where tables go."""
        return self.err if self.common.json else self.out

    @property
    def person(self) -> str:
        """Who is at the keyboard, for decisions that are recorded."""
        try:
            return getpass.getuser()
        except (OSError, KeyError):
            return "unknown"

    def read_registry(self) -> Registry:
        """Read the workspace's sources."""
        return read_registry(self.workspace.sources)

    def answer(self, document: object, show: Callable[[Console], object]) -> None:
        """Print the answer: as JSON where that is asked for, else as people like it."""
        if self.common.json:
            self.print_json(document)
        else:
            show(self.out)

    def complain(self, *problems: object) -> None:
        """Print problems on standard error, one a line."""
        for problem in problems:
            self.err.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)

    def remark(self, told: str) -> None:
        """Print a line about the progress on standard error."""
        self.err.print(told, markup=False, highlight=False, soft_wrap=True)

    def print_json(self, document: object) -> None:
        """Print the one JSON document."""
        json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")


def print_lines(console: Console, lines: Iterable[object]) -> None:
    """Print lines as they are."""
    for line in lines:
        console.print(str(line), markup=False, highlight=False, soft_wrap=True)
