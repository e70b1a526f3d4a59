"""Verbs that harvest."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.call import Call, print_lines
from harvester.cli.signals import stopped_by_signal
from harvester.errors import Exit, UsageError
from harvester.model import Ars, Level

if TYPE_CHECKING:
    from rich.console import Console

    from harvester.registry import Registry, Source
    from harvester.schedule.shifted import Shifted


def run(  # noqa: PLR0913, PLR0917 - the options of the verb
    context: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(help="Sources by id; all enabled ones without.")] = None,
    level: Annotated[Level | None, typer.Option(help="Only sources of this level.")] = None,
    region: Annotated[str | None, typer.Option(help="Only sources of this region (ARS) and those inside it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fetch, read and judge, but change nothing.")] = False,
    due: Annotated[
        bool, typer.Option("--due", help="Only sources whose schedule says that they are due (for cron).")
    ] = False,
    links: Annotated[bool, typer.Option("--links/--no-links", help="Whether to check links that are due.")] = True,
    at: Annotated[str | None, typer.Option(help="Let it be this time (for trying out).", hidden=True)] = None,
) -> int:
    """Fetch, judge, merge, build and publish; then check the links that are due."""
    from harvester.log import set_up
    from harvester.schedule.shifted import Shifted

    call: Call = context.obj
    set_up(debug=call.common.debug)
    clock = Shifted.to(at)
    registry = call.read_registry()
    if due:
        chosen = _pick_due(call, registry, sources or (), level, read_region(region), clock)
        if not chosen:
            return _nothing_due(call, registry)
    else:
        chosen = registry.pick(sources or (), level=level, region=read_region(region))
        if registry.sources and not chosen:
            raise UsageError("no enabled source of that level and region; harvester sources list shows them all")
    from harvester.links.screens import show_check
    from harvester.reports.after_run import report_after_run
    from harvester.reports.html import headline
    from harvester.run.board import look_on
    from harvester.run.run import run_sources
    from harvester.run.table import print_levels, print_outcomes

    call.complain(*registry.problems)

    with stopped_by_signal(), look_on(call.err, chosen) as watcher:
        report = run_sources(
            call.workspace, registry, chosen, dry=dry_run, due=due, links=links, clock=clock, watcher=watcher
        )

    told = None if dry_run else report_after_run(call.workspace, registry, clock(), call.complain)

    def show(console: Console) -> None:
        print_outcomes(console, report.outcomes, report.busy)
        if report.catalogue is not None:
            print_levels(console, call.workspace.catalogue_file)
        if report.links.report is not None:
            show_check(console, report.links.report)
        elif report.links.busy:
            call.remark(f"links: {report.links.busy}")

    if told is not None:
        call.remark(f"{headline(told[0])} {told[1]}")
    call.answer(report.as_json(), show)
    if report.refused is not None:
        call.complain(report.refused)
    return int(report.exit)


def _nothing_due(call: Call, registry: Registry) -> int:
    """Say so; a file that cannot be read is told all the same."""
    call.complain(*registry.problems)
    code = Exit.WRONG_USE if registry.problems else Exit.DONE
    problems = [str(problem) for problem in registry.problems]
    document = {"sources": [], "busy": [], "problems": problems, "catalogue": None, "exit": int(code)}
    call.answer(document, lambda console: print_lines(console, ["nothing is due"]))
    return int(code)


def _pick_due(
    call: Call, registry: Registry, ids: Sequence[str], level: Level | None, region: Ars | None, clock: Shifted
) -> list[Source]:
    """The sources that may begin now, those whose slot is oldest first; ids that are no more are left out."""
    from harvester.schedule.due import find_due, may_begin
    from harvester.schedule.night import Night
    from harvester.state import open_state

    settings = call.workspace.settings.schedule
    chosen = registry.pick(level=level, region=region)
    if ids:
        chosen = [source for source in chosen if source.id in set(ids)]
    if not chosen:
        return []
    with closing(open_state(call.workspace.state_file)) as state:
        due = find_due(state, chosen, clock())
    ready = may_begin(due, clock(), grace=settings.grace, night=Night.read(settings.night))
    return [one.source for one in ready]


def demo(
    context: typer.Context,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the workspace behind and print where it is.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Serve the portal afterwards, until Ctrl-C.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the portal; 0 takes a free one.")] = 8000,
) -> int:
    """Serve the sample federation on loopback, harvest two days of it, and print what changed."""
    import os

    from harvester.demo import run_demo
    from harvester.log import LEVEL, set_up

    call: Call = context.obj
    os.environ.setdefault(LEVEL, "warning")  # its tables say it all
    set_up(debug=call.common.debug)
    code = int(run_demo(call.tables, keep=keep, port=port if serve else None))
    call.answer({"exit": code}, lambda _: None)
    return code


def read_region(text: str | None) -> Ars | None:
    """Read a region as people type it: short forms are filled up with zeros.

    Raises:
        UsageError: not a regional key.
    """
    try:
        return None if text is None else Ars.padded(text)
    except ValueError as error:
        raise UsageError(f"--region: {error}, such as 055130000000, or 05 for a Land") from error
