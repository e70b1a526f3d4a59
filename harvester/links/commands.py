"""What the verbs of ``harvester links`` and ``harvester run`` do, as plain functions over a workspace."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from harvester.fetch.clock import Clock
from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.links.check import OnSeen, Setup, check_links
from harvester.links.checker import RunReport
from harvester.links.confirm import confirm_link
from harvester.links.lists import explain_link, list_links
from harvester.links.loop import run
from harvester.links.prune import prune_observations
from harvester.links.settings import LinkSettings
from harvester.links.state import State, Word
from harvester.links.stdin import check_lines
from harvester.links.store import Selection, add_links, sync_links
from harvester.links.suggest import suggest_repairs
from harvester.links.write import write_states

__all__ = [
    "catalogue_texts",
    "check_due",
    "check_standard_input",
    "confirm_link",
    "explain_link",
    "list_links",
    "make_setup",
    "suggest_repairs",
    "write_states",
]


def make_setup(
    fetch: FetchSettings,
    politeness: PolitenessSettings,
    links: LinkSettings,
    snapshots: Path,
    clock: Clock | None = None,
) -> Setup:
    """The parts a check needs, from a workspace's settings."""
    return Setup(fetch, politeness, links, snapshots, clock or Clock())


def check_due(
    conn: sqlite3.Connection,
    setup: Setup,
    *,
    known: Iterable[str] | None = None,
    selection: Selection | None = None,
    on_seen: OnSeen | None = None,
) -> RunReport:
    """Check links and take the result into their states.

    ``known`` are all addresses that services name now (``catalogue_texts``): others rest until they are named again.
    Addresses in ``selection.texts`` that nobody names are made known. Old observations are thrown away afterwards.

    Raises:
        RunBusyError: another check is under way.
    """
    selection = selection or Selection()
    now = setup.clock.now()
    with _transaction(conn):
        if known is not None:
            sync_links(conn, known, now)
        if selection.texts is not None:
            add_links(conn, selection.texts, now)
    report = run(check_links(conn, selection, setup, on_seen))
    with _transaction(conn):
        prune_observations(conn, setup.clock.now())
    return report


def check_standard_input(lines: Iterable[str], setup: Setup, write: Callable[[str], object]) -> RunReport:
    """Check addresses line by line without any catalogue; ``write`` takes one JSON object per address."""
    return run(check_lines(lines, setup, write))


def catalogue_texts(catalogue: Path) -> Iterator[str]:
    """All addresses a catalogue names, as sources write them; templates are among them and are refused by the reader."""
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        for (text,) in db.execute("SELECT url FROM link ORDER BY url"):
            yield text


def say(report: RunReport) -> str:
    """One line about a run, for people."""
    if report.void is not None:
        return f"void: {report.void}; nothing was judged"
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.outcomes.items()))
    later = f"; {report.left} left for the next run" if report.left else ""
    return f"{report.checked} of {report.selected} links checked with {report.requests} requests: {told or 'nothing due'}{later}"


def confirm(conn: sqlite3.Connection, text: str, word: str, at: datetime, because: str = "") -> dict[str, Any]:
    """Record a maintainer's word and describe the link after it.

    Raises:
        UsageError: no such link is known.
        ValueError: the word is neither alive nor dead.
    """
    state: State = confirm_link(conn, text, Word(word), at, because)
    return {"url": text, "state": state, "word": word}


@contextmanager
def _transaction(conn: sqlite3.Connection) -> Iterator[None]:
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        conn.execute("COMMIT")
    except BaseException:
        conn.execute("ROLLBACK")
        raise
