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
    query = "DELETE FROM link_observation WHERE at < ? OR (at < ? AND NOT decisive)"
    return conn.execute(query, ((at - DECISIVE).isoformat(), (at - ASIDE).isoformat())).rowcount
