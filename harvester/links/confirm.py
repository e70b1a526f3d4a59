"""A maintainer's word about a link, and what it says about the checker's own precision."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from harvester.links.link_row import READ, UPDATE_STATE, state_of, values_of
from harvester.links.lists import find_link
from harvester.links.state import State, Word, confirm


@dataclass(frozen=True, slots=True)
class Precision:
    """How many links called dead were looked at by hand, and how many of them were alive."""

    confirmed: int
    false_alarms: int

    @property
    def share(self) -> float | None:
        """The measured share of false alarms, None where nobody has looked yet."""
        return self.false_alarms / self.confirmed if self.confirmed else None


def confirm_link(conn: sqlite3.Connection, text: str, word: Word, at: datetime, because: str = "") -> State:
    """Record a maintainer's word and let it stand; returns the state the link has now.

    Raises:
        UsageError: no such link is known.
    """
    number = find_link(conn, text)["id"]
    conn.execute("BEGIN IMMEDIATE")
    try:
        row = conn.execute(f"SELECT {READ} FROM link l WHERE l.id = ?", (number,)).fetchone()
        before = state_of(row)
        after = confirm(before, word, at, row["url"])
        conn.execute(UPDATE_STATE, (*values_of(after), number))
        conn.execute(
            "INSERT INTO link_confirmation (link_id, at, word, state, outcome, code, because) VALUES (?,?,?,?,?,?,?)",
            (number, at.isoformat(), word, before.state, before.outcome, before.code, because),
        )
        conn.execute("COMMIT")
    except BaseException:
        conn.execute("ROLLBACK")
        raise
    return after.state


def measure_precision(conn: sqlite3.Connection) -> Precision:
    """The precision by all words about links that were dead when somebody looked."""
    row = conn.execute(
        "SELECT count(*), coalesce(sum(word = 'alive'), 0) FROM link_confirmation WHERE state = 'dead'"
    ).fetchone()
    return Precision(row[0], row[1])
