"""The plan in a terminal: what bounds the week, each source, the busiest hosts, and what to do."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.plan.document import Plan
from harvester.plan.telling import advice_lines, basis_of, headline, length
from harvester.words import Words

MOST_ROWS = 40
"""Rows of a table in a terminal; the JSON document and the page have all."""


def print_plan(console: Console, plan: Plan, words: Words) -> None:
    """Print it; long tables are cut, and say so."""

    def line(text: str, style: str = "") -> None:
        console.print(Text(text, style=style), soft_wrap=not console.is_terminal)

    line(words("as.of", at=words.moment(plan.begins.isoformat())), "dim")
    line(headline(plan, words), "bold red" if plan.overloaded else "bold")
    console.print()
    if plan.sources:
        _print(console, _sources(plan, words), len(plan.sources), words)
    if plan.hosts:
        console.print()
        _print(console, _hosts(plan, words), len(plan.hosts), words)
    if plan.advice:
        line("")
        line(words("advice.title"), "bold")
        for told in advice_lines(plan, words)[:MOST_ROWS]:
            line(f"  {told}")
    line("")
    line(words("note.addresses"), "dim")


def _print(console: Console, table: Table, rows: int, words: Words) -> None:
    console.print(table)
    if rows > MOST_ROWS:
        console.print(Text(words("more", n=words.number(rows - MOST_ROWS)), style="dim"))


def _sources(plan: Plan, words: Words) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("source", "begins", "ends"):
        table.add_column(words(f"column.{name}"), overflow="fold")
    for name in ("length", "requests", "runs"):
        table.add_column(words(f"column.{name}"), justify="right")
    table.add_column(words("column.basis"), overflow="fold", style="dim")
    for one in plan.sources[:MOST_ROWS]:
        runs = str(one.runs) + (words("passed", n=one.passed) if one.passed else "")
        table.add_row(
            one.id,
            moment(one.begins, words),
            moment(one.ends, words),
            length(one.seconds, words),
            words.number(one.requests),
            runs,
            basis_of(one, words),
        )
    return table


def _hosts(plan: Plan, words: Words) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(words("column.host"), overflow="fold")
    for name in ("share", "for.sources", "for.links", "links", "due", "left"):
        table.add_column(words(f"column.{name}"), justify="right")
    table.add_column(words("column.links.done"))
    for host in plan.hosts[:MOST_ROWS]:
        table.add_row(
            host.domain,
            f"{words.number(host.share * 100, 1)} %",
            length(host.source_seconds, words),
            length(host.link_seconds, words),
            words.number(host.links),
            words.number(host.due),
            words.number(host.left),
            moment(host.links_done_at, words),
            style="red" if host.share > 1 else "",
        )
    return table


def moment(at: datetime | None, words: Words) -> str:
    """A moment as the table tells it."""
    return words.weekday(at) if at else "–"
