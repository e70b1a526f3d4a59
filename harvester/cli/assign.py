"""The verb by which an editor puts a service into its drawer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Annotated

import typer

from harvester.cli.call import Call, print_lines
from harvester.errors import Exit, UsageError


def assign(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="Id of a service, as the report shows it.")],
    situations: Annotated[
        list[str], typer.Argument(help="Life situations such as pvlagen:1020000, the first one first.")
    ],
    because: Annotated[str, typer.Option(help="Why, in at least ten letters; recorded.")],
) -> int:
    """Put a service into life situations. That beats every rule, survives every harvest, and is published at once."""
    from harvester.run.run import refresh, utc_now
    from harvester.situations.decide import write_decision
    from harvester.state import open_state

    call: Call = context.obj
    workspace = call.workspace
    if len(because.strip()) < 10:
        raise UsageError('say why, in at least ten letters: --because "…"')
    if not workspace.catalogue_file.exists():
        raise UsageError("there is no catalogue yet: harvester run")
    with closing(sqlite3.connect(f"file:{workspace.catalogue_file}?mode=ro", uri=True)) as db:
        if db.execute("SELECT 1 FROM service WHERE id = ?", (service,)).fetchone() is None:
            raise UsageError(f"the catalogue has no service {service}")
        known = {row[0] for row in db.execute("SELECT id FROM situation")}
    if unknown := [name for name in situations if name not in known]:
        near = sorted(name for name in known if name.startswith(unknown[0].partition(":")[0]))[:5]
        raise UsageError(f"no life situation {', '.join(unknown)}; there are {', '.join(near or sorted(known)[:5])} …")
    now = utc_now()
    file = write_decision(workspace.data / "overrides", service, situations, because.strip(), call.person, now.date())
    with closing(open_state(workspace.state_file)) as state:
        refresh(workspace, state, call.read_registry(), utc_now)
    told = {"service": service, "situations": situations, "file": str(file)}
    call.answer(told, lambda console: print_lines(console, [f"{service}: {', '.join(situations)} ({file})"]))
    return int(Exit.DONE)
