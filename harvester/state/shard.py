"""A shard: what one run has read so far, in a file of its own.

Nothing of a run touches ``state.db`` before it is judged; then one transaction takes the shard over (``fold.py``).
A shard is thrown away with its process: it is written without journal and without waiting for the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from harvester.model import Document, Issue
from harvester.state.packing import Packed

_SCHEMA = """
    CREATE TABLE document (
        position INTEGER PRIMARY KEY, url TEXT, role TEXT, note TEXT, sha256 TEXT, size INTEGER, media_type TEXT, charset TEXT,
        fetched_at TEXT, reader TEXT, reused INTEGER, services INTEGER, errors INTEGER, unnamed INTEGER, warnings INTEGER
    );
    CREATE TABLE record (
        kind TEXT, remote_id TEXT, hash BLOB, title TEXT, keys TEXT, scope TEXT, content BLOB, provenance BLOB, modified_at TEXT,
        position INTEGER, locator TEXT,
        PRIMARY KEY (kind, remote_id)
    );
    CREATE TABLE issue (position INTEGER, severity TEXT, rule TEXT, locator TEXT, remote_id TEXT, message TEXT);
"""
_RECORD = "INSERT OR IGNORE INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LATEST = "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ISSUE = "INSERT INTO issue VALUES (?, ?, ?, ?, ?, ?)"
_DOCUMENT = "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Tally:
    """What one document gave."""

    services: int = 0
    errors: int = 0
    unnamed: int = 0
    warnings: int = 0


class Shard:
    """The file of one run. A context manager: leaving it closes the file."""

    def __init__(self, file: Path) -> None:
        """Make a new shard; an old file of that name goes."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        self.file = file
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        """Use the shard."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file; it stays until it is folded or removed."""
        self.close()

    def add_records(self, position: int, records: Iterable[tuple[Packed, str]], *, latest: bool) -> list[str]:
        """Add records with their locators; of two with the same id the first stays, or with ``latest`` the last.

        Returns the ids of those that were there already.
        """
        rows = [(*packed, position, locator) for packed, locator in records]
        before = self._db.total_changes
        self._db.executemany(_LATEST if latest else _RECORD, rows)
        if latest:
            self._forget_opposites(rows)
        if latest or self._db.total_changes - before == len(rows):
            return []
        return [row[1] for row in rows if not self._is(row[0], row[1], position, row[-1])]

    def _forget_opposites(self, rows: list[tuple[Any, ...]]) -> None:
        """In an event log the last word counts: a record written after its deletion lives, and the other way round."""
        others = ((row[0][1:] if row[0].startswith("-") else "-" + row[0], row[1]) for row in rows)
        self._db.executemany("DELETE FROM record WHERE kind = ? AND remote_id = ?", others)

    def _is(self, kind: str, remote_id: str, position: int, locator: str) -> bool:
        query = "SELECT 1 FROM record WHERE kind = ? AND remote_id = ? AND position = ? AND locator = ?"
        return self._db.execute(query, (kind, remote_id, position, locator)).fetchone() is not None

    def add_issues(self, position: int, issues: Iterable[Issue]) -> None:
        """Add issues of a document."""
        self._db.executemany(_ISSUE, ((position, i.severity, i.rule, i.locator, i.remote_id, i.message) for i in issues))

    def add_document(self, position: int, document: Document, reader: str, tally: Tally, *, reused: bool) -> None:
        """Add a document that was read whole, or ``reused``: its records are in the state already."""
        d = document
        row = (position, d.url, d.role, d.note, d.sha256, d.size, d.media_type, d.charset, d.fetched_at.isoformat(), reader)
        counts = (int(reused), tally.services, tally.errors, tally.unnamed, tally.warnings)
        self._db.execute(_DOCUMENT, (*row, *counts))

    def close(self) -> None:
        """Write out and close."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")
        self._db.close()
