"""Situations as people name them."""

from __future__ import annotations

import sqlite3

from harvester.errors import UsageError


def find_situation(db: sqlite3.Connection, named: str) -> str:
    """The id of a situation by its id, its code or its name.

    Raises:
        UsageError: there is no such situation, or several; the message names them.
    """
    rows = db.execute(
        "SELECT id, name FROM situation WHERE id = ?1 OR code = ?1 OR name = ?1 COLLATE NOCASE ORDER BY id", (named,)
    ).fetchall()
    if not rows:
        raise UsageError(
            f"no situation {named!r}; the table situation of the catalogue lists them, such as pvlagen:1010000"
        )
    if len(rows) > 1 and rows[0][0] != named:
        raise UsageError(f"{named!r} names {', '.join(f'{sid} ({name})' for sid, name in rows)}; give one of these ids")
    return str(rows[0][0])
