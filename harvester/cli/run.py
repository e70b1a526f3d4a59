"""Verbs that harvest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.call import Call
from harvester.errors import UsageError
from harvester.model import Ars, Level

if TYPE_CHECKING:
    from rich.console import Console

    from harvester.run.outcome import Outcome


def run(
    context: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(help="Sources by id; all enabled ones without.")] = None,
    level: Annotated[Level | None, typer.Option(help="Only sources of this level.")] = None,
    region: Annotated[str | None, typer.Option(help="Only sources of this region (ARS) and those inside it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fetch, read and judge, but change nothing.")] = False,
) -> int:
    """Fetch, judge, merge, build and publish; then check the links that are due."""
    from harvester.cli.progress import counting
    from harvester.links.screens import show_check
    from harvester.run.run import run_sources
    from harvester.run.table import print_levels, print_outcomes

    call: Call = context.obj
    registry = call.read_registry()
    chosen = registry.pick(sources or (), level=level, region=read_region(region))
    if registry.sources and not chosen:
        raise UsageError("no enabled source of that level and region; harvester sources list shows them all")
    call.complain(*registry.problems)

    def say(outcome: Outcome) -> None:
        call.remark(f"{outcome.source_id}: {outcome.fetched} fetched, {outcome.verdict}")

    with counting(call.err, "links looked at") as count:
        report = run_sources(call.workspace, registry, chosen, dry=dry_run, on_outcome=say, on_link=lambda *_: count())

    def show(console: Console) -> None:
        print_outcomes(console, report.outcomes, report.busy)
        if report.catalogue is not None:
            print_levels(console, call.workspace.catalogue_file)
        if report.links.report is not None:
            show_check(console, report.links.report)
        elif report.links.busy:
            call.remark(f"links: {report.links.busy}")

    call.answer(report.as_json(), show)
    return int(report.exit)


def demo(
    context: typer.Context,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the workspace behind and print where it is.")] = False,
) -> int:
    """Serve the sample federation on loopback, harvest two days of it, and print what changed."""
    from harvester.demo import run_demo

    call: Call = context.obj
    code = int(run_demo(call.tables, keep=keep))
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
