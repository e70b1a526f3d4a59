"""Throw old observations away, so that the memory of a million links stays bounded."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

ASIDE = timedelta(days=30)
"""How long attempts that decided nothing are kept."""

DECISIVE = timedelta(days=400)
"""How long the others are kept: a year to look back on, as reports are."""


def prune_observations(conn: sqlite3.Connection, at: datetime) -> int:
    """Delete what is too old; returns how many rows that were."""
    # Rows are written in the order of time, so the first one that stays ends the search.
    first = "SELECT id FROM link_observation WHERE at >= ? ORDER BY id LIMIT 1"
    row = conn.execute(first, ((at - DECISIVE).isoformat(),)).fetchone()
    old = conn.execute("DELETE FROM link_observation WHERE id < ?", (row[0],)).rowcount if row is not None else 0
    aside = "DELETE FROM link_observation WHERE NOT decisive AND at < ?"
    return old + conn.execute(aside, ((at - ASIDE).isoformat(),)).rowcount
