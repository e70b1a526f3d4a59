"""Open ``state.db``, the memory between runs."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from sqlite_utils import Database

from harvester.errors import HarvesterError
from harvester.state.schema import NAMES, migrations
from harvester.state.transaction import writing

_PATIENCE = 30.0
"""Seconds that connections wait for each other."""


class StateTooNewError(HarvesterError):
    """The file was written by a newer program; going on could lose what it knows."""


def open_state(file: Path) -> Database:
    """Open the file, make it if it is not there, and bring its schema up to date.

    Journal mode WAL, so that reports can be read while a run writes. Connections wait up to 30 s for each other.

    Raises:
        StateTooNewError: the file has migrations this program does not know.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
    connection.row_factory = sqlite3.Row
    _use_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    db = Database(connection)
    if newer := sorted({m.name for m in migrations.applied(db)} - NAMES):
        message = f"{file} was written by a newer harvester ({', '.join(newer)}); install that version or a later one"
        raise StateTooNewError(message)
    if migrations.pending(db):
        with writing(connection):  # another process may be at it too; in here they go one after another
            migrations.apply(db)
    return db


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL; while another process does the same, SQLite says "locked" at once instead of waiting."""
    deadline = time.monotonic() + _PATIENCE
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
