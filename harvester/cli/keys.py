"""Verbs about LeiKa keys that matching gave or proposes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harvester.cli.call import Call
from harvester.errors import Exit

app = typer.Typer(name="keys", help="LeiKa keys of services whose source names none.", no_args_is_help=True)


@app.command("review")
def review(
    context: typer.Context,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the list to this file, for a spreadsheet.")] = None,
) -> int:
    """List services whose key a person has to decide, the surest proposal first, with the entry to add to `data/keys`."""
    from harvester.view.key_review import read_cases, show_cases, write_csv

    call: Call = context.obj
    cases = read_cases(call.workspace.catalogue_file)
    if csv is not None:
        write_csv(cases, csv)
    call.answer({"cases": [case.as_json() for case in cases]}, lambda console: show_cases(console, cases))
    return int(Exit.DONE)
