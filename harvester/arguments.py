"""Options that every verb understands, wherever they stand on the line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harvester.errors import UsageError


@dataclass(frozen=True, slots=True)
class Common:
    """``-w/--workspace DIR``, ``--json`` and ``--debug``."""

    workspace: Path = Path()
    json: bool = False
    debug: bool = False


def take_common(arguments: list[str]) -> tuple[Common, list[str]]:
    """Take the common options out of a command line; after ``--`` everything belongs to the verb.

    Raises:
        UsageError: the workspace is named but missing.
    """
    workspace, json, debug = Path(), False, False
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in ("-w", "--workspace"):
            workspace = Path(next(waiting, ""))
        elif argument.startswith("--workspace="):
            workspace = Path(argument.partition("=")[2])
        elif argument == "--json":
            json = True
        elif argument == "--debug":
            debug = True
        else:
            rest.append(argument)
    if not workspace.is_dir():
        raise UsageError(f"the workspace {workspace} is not a directory")
    return Common(workspace, json, debug), rest
