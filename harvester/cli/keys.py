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
    """List services whose key a person has to decide, the surest proposal first, with the entry to add to `data/keys`.

    Entries there that cannot be read are told, and end with 1.
    """
    from harvester.matching import decision_files, read_decided
    from harvester.view.key_review import read_cases, show_cases, write_csv

    call: Call = context.obj
    _, found = read_decided(decision_files(call.workspace.data))
    wrong = [problem for _, problem in found]
    call.complain(*wrong)
    cases = read_cases(call.workspace.catalogue_file)
    if csv is not None:
        write_csv(cases, csv)
    document = {"cases": [case.as_json() for case in cases], "wrong": wrong}
    call.answer(document, lambda console: show_cases(console, cases))
    return int(Exit.FAILED if wrong else Exit.DONE)
