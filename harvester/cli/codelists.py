"""``harvester codelists``: hold the project's data against the code lists it was made from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from harvester.cli.call import Call, print_lines
from harvester.errors import Exit, UsageError


def codelists(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The list: `pvlagen`, `sdg`, `regions` or `leika-types`.")],
    write: Annotated[
        bool, typer.Option("--write", help="Take over what is new or renamed; nothing is taken out.")
    ] = False,
    repository: Annotated[str, typer.Option(help="Where code lists are asked for.")] = "https://www.xrepository.de",
) -> int:
    """Compare a file of `data/` with the version of its code list in force (XRepository), and show the difference."""
    from harvester.codelists.refresh import LISTS, check_list, write_list

    call: Call = context.obj
    if name not in LISTS:
        raise UsageError(f"no code list {name!r}; there are {', '.join(LISTS)}")
    difference = check_list(call.workspace, name, repository=repository)
    written = str(write_list(name, difference)) if write and not difference.empty else ""
    lines = difference.lines() or [f"{LISTS[name].file} says what version {difference.version} says"]
    call.answer({**asdict(difference), "written": written}, lambda console: print_lines(console, lines))
    if written:
        call.remark(f"written: {written}; look at it with git diff")
    return int(Exit.DONE)
