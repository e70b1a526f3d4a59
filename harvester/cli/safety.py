"""Verbs that keep the catalogue from harm."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.call import Call, print_lines
from harvester.errors import ConfigurationError, Exit, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from harvester.doctor import Diagnosis, Setting


def approve(
    context: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="The held run, as its table names it.")],
    because: Annotated[str, typer.Option(help="Why it is right; recorded.")],
) -> int:
    """Release a held run: its records count as if they had been found plausible."""
    from contextlib import closing

    from harvester.run.held import find_held, release
    from harvester.run.recover import lease_of
    from harvester.run.run import refresh, utc_now
    from harvester.state import open_state
    from harvester.state.lease import holding

    call: Call = context.obj
    workspace, registry = call.workspace, call.read_registry()
    if not because.strip():
        raise UsageError('say why: --because "…"')
    with closing(open_state(workspace.state_file)) as state:
        held = find_held(state, run_id)
        source = registry.sources.get(held.source_id)
        if source is None:
            raise ConfigurationError([f"{held.source_id}: its file cannot be read; harvester sources lint"])
        with holding(state, workspace.state_file, lease_of(held.source_id), utc_now):
            held = find_held(state, run_id)  # a run may have ended while we waited
            changes = release(
                state, held, workspace.runs, source.expectations, because=because, who=call.person, at=utc_now()
            )
        refresh(workspace, state, registry, utc_now)
    told = f"{run_id}: {changes.created} created, {changes.changed} changed, {changes.removed} removed; published"
    call.answer({"run": run_id, **asdict(changes)}, lambda console: print_lines(console, [told]))
    return int(Exit.DONE)


def doctor(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only find, mend nothing.")] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Read every snapshot through, not only a sample.")
    ] = False,
) -> int:
    """Find what is wrong with the workspace, mend what needs no person, and print the settings in force."""
    from harvester.doctor import Health, examine, settings_in_force
    from harvester.run.run import utc_now

    call: Call = context.obj
    workspace, registry = call.workspace, call.read_registry()
    found = list(examine(workspace, registry, utc_now(), mend=not dry_run, thorough=thorough))
    try:
        settings = list(settings_in_force(workspace, registry))
    except ConfigurationError:
        settings = []  # none are in force; what is wrong with them is among the diagnoses

    def show(console: Console) -> None:
        _show_settings(console, settings)
        _show(console, found)

    call.answer({"settings": [asdict(s) for s in settings], "diagnoses": [asdict(d) for d in found]}, show)
    return int(Exit.FAILED if any(d.health is Health.ILL for d in found) else Exit.DONE)


def _show_settings(console: Console, settings: list[Setting]) -> None:
    from rich.markup import escape

    width = max((len(setting.name) for setting in settings), default=0)
    for setting in settings:
        style = "dim" if setting.origin == "default" else ""
        told = f"  {setting.name:<{width}}  {setting.value}  ({setting.origin})"
        console.print(escape(told), style=style, highlight=False, soft_wrap=True)


_MARKS = {"ok": "[green]✓[/green]", "mended": "[yellow]⚒[/yellow]", "ill": "[red]✗[/red]"}


def _show(console: Console, found: list[Diagnosis]) -> None:
    from rich.markup import escape

    for d in found:
        console.print(f"{_MARKS[d.health]} {d.check:<10} {escape(d.found)}", highlight=False, soft_wrap=True)
        if d.remedy:
            console.print(f"  {'':<10} → {escape(d.remedy)}", style="bold", highlight=False, soft_wrap=True)
