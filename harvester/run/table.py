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
from rich.text import Text

from harvester.model import Level
from harvester.run.judge import Verdict
from harvester.run.outcome import Busy, Outcome
from harvester.view.tiles import count_tiles

_STATE = {"ok": "green", "suspect": "yellow", "dead": "red", "unchecked": ""}
COLOUR = {Verdict.COMPLETE: "green", Verdict.PARTIAL: "yellow", Verdict.HELD: "magenta", Verdict.FAILED: "red"}
"""A verdict's colour, wherever it is shown."""

_BESIDE = 3
"""Tiles in a row."""


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
    colour = COLOUR[outcome.verdict]
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


_ADVICE = {
    "ok": "shown to citizens",
    "suspect": "failed, but not often or long enough: shown",
    "dead": "not shown; a living substitute instead, where there is one",
    "unchecked": "not looked at, or no address at all",
}


def print_links(console: Console, catalogue: Path) -> None:
    """One line per state of links: how many addresses, with which outcomes, and for how many dead ones a substitute is offered."""
    table = Table(title="Links", title_justify="left", header_style="bold", show_footer=True, box=SIMPLE_HEAD)
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        query = "SELECT state, coalesce(outcome, 'unchecked'), count(*) FROM link GROUP BY 1, 2 ORDER BY 3 DESC, 2"
        rows = db.execute(query).fetchall()
    table.add_column("state", footer="all")
    table.add_column("addresses", justify="right", footer=str(sum(row[2] for row in rows)))
    table.add_column("outcomes")
    table.add_column("to citizens")
    for state, told in _ADVICE.items():
        found = [(outcome, count) for other, outcome, count in rows if other == state]
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in found)
        table.add_row(Text(state, style=_STATE[state]), str(sum(count for _, count in found)), outcomes or "·", told)
    console.print(table)


def print_tiles(console: Console, catalogue: Path, portal: str, ars: str) -> None:
    """The tiles of a portal with the services of a region behind them, several beside each other."""
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        (title,) = db.execute("SELECT title FROM portal WHERE id = ?", (portal,)).fetchone()
        tiles = list(count_tiles(db, portal, ars).values())
    table = Table(title=f"Life situations: {title}", title_justify="left", show_header=False, box=SIMPLE_HEAD)
    for _ in range(_BESIDE):
        table.add_column(no_wrap=True)
        table.add_column(justify="right")
    height = -(-len(tiles) // _BESIDE)
    for row in range(height):
        table.add_row(*(str(value) for tile in tiles[row::height] for value in tile))
    console.print(table)
