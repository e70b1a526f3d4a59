"""The verb that lets the harvest run by itself."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.cli.call import Call
from harvester.errors import UsageError


def schedule(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Harvest what is due now, and end.")] = False,
    at: Annotated[str | None, typer.Option(help="With --once: let it be this time (ISO 8601).")] = None,
) -> int:
    """Harvest every source when it is due, until a signal says stop (docs/scheduler.md)."""
    from harvester.log import set_up
    from harvester.schedule.child import start_in
    from harvester.schedule.serve import once as harvest_once
    from harvester.schedule.serve import serve
    from harvester.schedule.shifted import Shifted
    from scheduler import Scheduler

    call: Call = context.obj
    if at is not None and not once:
        raise UsageError("--at goes with --once only")
    set_up(debug=call.common.debug, service=True)
    clock = Shifted.to(at)
    start = start_in(call.workspace.root, clock if at is not None else None)
    scheduler = Scheduler(call.workspace, clock, start)
    code = int(harvest_once(scheduler) if once else serve(scheduler, call.workspace, clock))
    if once:
        call.answer({"exit": code}, lambda _: None)
    return code
