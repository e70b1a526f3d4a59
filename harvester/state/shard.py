"""A shard: what one run has read so far, in a file of its own.

Nothing of a run touches ``state.db`` before it is judged; then one transaction takes the shard over (``fold.py``).
A shard is thrown away with its process: it is written without journal and without waiting for the disk.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeAlias

from harvester.model import Document, Issue
from harvester.state.packing import Packed, opposite_of

_SCHEMA = """
    CREATE TABLE document (
        position INTEGER PRIMARY KEY, url TEXT, role TEXT, note TEXT, sha256 TEXT, size INTEGER, media_type TEXT,
        charset TEXT, fetched_at TEXT, reader TEXT, reused INTEGER, services INTEGER, errors INTEGER, unread INTEGER,
        unnamed INTEGER, warnings INTEGER, filled TEXT
    );
    CREATE INDEX document_url ON document (url);
    CREATE TABLE record (
        kind TEXT, remote_id TEXT, hash BLOB, title TEXT, keys TEXT, scope TEXT, modified_at TEXT, content BLOB,
        provenance BLOB, position INTEGER, locator TEXT,
        PRIMARY KEY (kind, remote_id)
    );
    CREATE TABLE issue (position INTEGER, severity TEXT, rule TEXT, locator TEXT, remote_id TEXT, message TEXT);
    CREATE TABLE shared (position INTEGER PRIMARY KEY);    -- documents that hold a record which another one holds too
"""
_RECORD = "INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ISSUE = "INSERT INTO issue VALUES (?, ?, ?, ?, ?, ?)"
_DOCUMENT = "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

Placed: TypeAlias = tuple[Packed, str]
"""A record and its locator."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one document gave: services, issues that are errors or warnings.

    ``unread`` counts the records that are missing because of an error, ``unnamed`` those of them without even an id.
    ``filled`` is how many services have each of the fields the source promises.
    """

    services: int = 0
    errors: int = 0
    unread: int = 0
    unnamed: int = 0
    warnings: int = 0
    filled: Mapping[str, int] = field(default_factory=dict)


TALLY = "services, errors, unread, unnamed, warnings, filled"
"""The columns of a document's tally."""


def read_tally(row: Sequence[Any]) -> Tally:
    """A tally from its columns."""
    services, errors, unread, unnamed, warnings, filled = row
    return Tally(services, errors, unread, unnamed, warnings, json.loads(filled))


class Shard:
    """The file of one run. A context manager: leaving it closes the file."""

    def __init__(self, file: Path) -> None:
        """Make a new shard; an old file of that name goes."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        self.file = file
        self._deletions = False
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

    def add_records(self, position: int, records: Iterable[Placed], *, latest: bool) -> list[tuple[str, str]]:
        """Add records in their order; of two with the same id the first stays, or with ``latest`` the last.

        A deletion takes back the record before it, and a record the deletion before it.
        Returns id and locator of those that were there already and say something else: a record that is only repeated, such
        as an online service that many details hold, is no news.
        """
        kept, twice = _reduce(records, latest=latest)
        self._deletions = self._deletions or any(packed.kind.startswith("-") for packed, _ in kept)
        if self._deletions:
            opposites = [(opposite_of(packed.kind), packed.remote_id) for packed, _ in kept]
            self._db.executemany("DELETE FROM record WHERE kind = ? AND remote_id = ?", opposites)
        before = self._db.total_changes
        rows = [(*packed, position, locator) for packed, locator in kept]
        self._db.executemany(f"INSERT OR {'REPLACE' if latest else 'IGNORE'} {_RECORD}", rows)
        if not latest and self._db.total_changes - before < len(rows):
            twice += [placed for placed in kept if self._differs_elsewhere(placed, position)]
        return [(packed.remote_id, locator) for packed, locator in twice]

    def _differs_elsewhere(self, placed: Placed, position: int) -> bool:
        """Tell whether a record was there already with another content, and note the documents that share it."""
        packed, _ = placed
        query = "SELECT position, hash FROM record WHERE kind = ? AND remote_id = ?"
        holder, content = self._db.execute(query, (packed.kind, packed.remote_id)).fetchone()
        if holder != position:
            self._db.executemany("INSERT OR IGNORE INTO shared VALUES (?)", [(holder,), (position,)])
        return bool(content != packed.hash)

    def holds_service(self, remote_id: str) -> bool:
        """Tell whether a service has been read."""
        query = "SELECT 1 FROM record WHERE kind = 'service' AND remote_id = ?"
        return self._db.execute(query, (remote_id,)).fetchone() is not None

    def add_issues(self, position: int, issues: Iterable[Issue]) -> None:
        """Add issues of a document."""
        rows = ((position, i.severity, i.rule, i.locator, i.remote_id, i.message) for i in issues)
        self._db.executemany(_ISSUE, rows)

    def add_document(self, position: int, document: Document, reader: str, tally: Tally, *, reused: bool) -> None:
        """Add a document that was read whole, or ``reused``: its records are in the state already."""
        d = document
        body = (d.url, d.role, d.note, d.sha256, d.size, d.media_type, d.charset, d.fetched_at.isoformat())
        counts = (tally.services, tally.errors, tally.unread, tally.unnamed, tally.warnings)
        filled = json.dumps(dict(tally.filled), sort_keys=True)
        self._db.execute(_DOCUMENT, (position, *body, reader, int(reused), *counts, filled))

    def close(self) -> None:
        """Write out and close."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")
        self._db.close()


def _reduce(records: Iterable[Placed], *, latest: bool) -> tuple[list[Placed], list[Placed]]:
    """What counts of records in their order, and what of them stands twice."""
    kept: dict[tuple[str, str], Placed] = {}
    twice: list[Placed] = []
    for placed in records:
        kind, remote_id = placed[0].kind, placed[0].remote_id
        key = kind.removeprefix("-"), remote_id
        before = kept.get(key)
        if before is None or latest or before[0].kind != kind:
            kept[key] = placed
        elif not kind.startswith("-") and before[0].hash != placed[0].hash:
            twice.append(placed)
    return list(kept.values()), twice
