"""The table a run ends with, for people at a terminal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harvester.model import Level
from harvester.run.judge import Verdict
from harvester.run.outcome import Busy, Outcome

_COLOUR = {Verdict.COMPLETE: "green", Verdict.PARTIAL: "yellow", Verdict.HELD: "magenta", Verdict.FAILED: "red"}


def print_outcomes(console: Console, outcomes: Iterable[Outcome], busy: Iterable[Busy] = ()) -> None:
    """One line per source, from Bund to Kommune: what was fetched, what changed, the verdict; then reasons and what to do."""
    outcomes = sorted(outcomes, key=lambda outcome: (Level(outcome.level).rank, outcome.source_id))
    table = Table(title="Sources", title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    table.add_column("source", no_wrap=True)
    table.add_column("level")
    for name in ("fetched", "created", "changed", "removed", "unreadable"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    for outcome in outcomes:
        changes = outcome.changes
        counts = (outcome.fetched, changes.created, changes.changed, changes.removed, outcome.errors)
        table.add_row(outcome.source_id, outcome.level, *(str(n) if n else "·" for n in counts), _verdict(outcome))
    console.print(table)
    for outcome in outcomes:
        if outcome.judgement.reason:
            told = f"{_verdict(outcome)} {outcome.source_id}: {escape(outcome.judgement.reason)}"
            console.print(told, soft_wrap=not console.is_terminal, highlight=False)
        if outcome.advice:
            console.print(
                f"  {escape(outcome.advice)}", style="bold", soft_wrap=not console.is_terminal, highlight=False
            )
    for skipped in busy:
        console.print(
            f"busy {skipped.source_id}: {escape(skipped.reason)}", soft_wrap=not console.is_terminal, highlight=False
        )


def _verdict(outcome: Outcome) -> str:
    colour = _COLOUR[outcome.verdict]
    return f"[{colour}]{outcome.verdict}[/{colour}]"


def print_levels(console: Console, catalogue: Path) -> None:
    """One line per level: services, those with a link, and addresses."""
    query = """
        SELECT s.level, count(DISTINCT s.id), count(DISTINCT sl.service_id), count(DISTINCT sl.link_id)
        FROM service s LEFT JOIN service_link sl ON sl.service_id = s.id GROUP BY s.level
    """
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        found = {row[0]: row[1:] for row in db.execute(query)}
        links = db.execute("SELECT count(*) FROM link").fetchone()[0]
    table = Table(title="Catalogue", title_justify="left", header_style="bold", show_footer=True, box=SIMPLE_HEAD)
    sums = [sum(row[n] for row in found.values()) for n in range(3)]
    table.add_column("level", footer="all")
    table.add_column("services", justify="right", footer=str(sums[0]))
    table.add_column("with a link", justify="right", footer=str(sums[1]))
    table.add_column("addresses", justify="right", footer=str(links))
    for level in Level:
        table.add_row(level, *map(str, found.get(level, (0, 0, 0))))
    console.print(table)
