"""Options that every verb understands, wherever they stand on the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harvester.errors import UsageError


@dataclass(frozen=True, slots=True)
class Common:
    """``-w/--workspace DIR``, ``--json`` and ``--debug``."""

    workspace: Path = Path()
    json: bool = False
    debug: bool = False


def take_common(arguments: Sequence[str]) -> tuple[Common, list[str]]:
    """Take the common options out of a command line; after ``--`` everything belongs to the verb.

    Raises:
        UsageError: no workspace follows, or it is no directory.
    """
    workspace, json, debug = ".", False, False
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in ("-w", "--workspace"):
            workspace = next(waiting, "")
        elif argument.startswith("--workspace="):
            workspace = argument.partition("=")[2]
        elif argument.startswith("-w"):
            workspace = argument[2:]
        elif argument == "--json":
            json = True
        elif argument == "--debug":
            debug = True
        else:
            rest.append(argument)
    if not workspace or workspace.startswith("-"):
        raise UsageError("-w/--workspace needs a directory, such as -w /srv/harvester")
    if not Path(workspace).is_dir():
        raise UsageError(f"the workspace {workspace} is not a directory: make it, or name another with -w DIR")
    return Common(Path(workspace), json, debug), rest
