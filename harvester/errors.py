"""Errors that speak to people, and the exit codes they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line (a contract)."""

    DONE = 0
    FAILED = 1  # a source failed or was held, or a check said no
    WRONG_USE = 2  # wrong use or configuration
    VOID = 3  # the harvester's own network or disk is at fault; nothing was judged
    BUSY = 4  # another run holds the lease


class HarvesterError(Exception):
    """An error that says what, where and what to do next. ``exit`` is the code the command ends with."""

    exit = Exit.FAILED


class ConfigurationError(HarvesterError):
    """Wrong settings or sources; each problem is a line that names file, line and field."""

    exit = Exit.WRONG_USE

    def __init__(self, problems: Sequence[str]) -> None:
        """Take one sentence per problem."""
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class UsageError(HarvesterError):
    """The command was called with something that does not exist or does not fit."""

    exit = Exit.WRONG_USE
