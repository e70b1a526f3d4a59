"""Follow the published catalogue: every reader sees one build from beginning to end, and the next one sees the newest."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from harvester.catalogue.published import find_published, is_foreign
from harvester.view.open import NoCatalogueError

_IDLE = 8
"""Connections that are kept open for the next requests."""
_PIECE = 100_000
_MOST = 200_000_000
"""Steps of SQLite's machine that one request may take, some seconds: a million services are not looked through for it."""
_CURRENT = "SELECT 1 FROM pragma_table_info('event') WHERE name = 'regions'"


class Reading(NamedTuple):
    """One build, open for reading. ``built_at`` is UTC ISO 8601."""

    db: sqlite3.Connection
    build_id: str
    built_at: str


class _Mark(NamedTuple):
    """What tells one file from the next in its place."""

    device: int
    inode: int
    modified: int
    size: int


@dataclass(slots=True)
class _Generation:
    """A file with the connections to it that nobody uses at the moment."""

    mark: _Mark
    idle: list[Reading] = field(default_factory=list)


class Published:
    """The catalogue as it is published now. Safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        """``file`` may appear later."""
        self._file = file
        self._lock = threading.Lock()
        self._now: _Generation | None = None
        self._named: tuple[_Mark, str] | None = None

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """The newest build. Publishing replaces the file, so what was opened stays whole until the block ends.

        Raises:
            NoCatalogueError: nothing is there, or it is no catalogue of this version.
            CatalogueTooNewError: it was written by a newer program.
        """
        generation, reading = self._take()
        if reading is None:
            reading = _open(self._file)
            if (
                self._mark() != generation.mark
            ):  # it was replaced meanwhile: right for this reader, but of no known file
                generation = _Generation(generation.mark)
        try:
            if isinstance(reading.db, _Patient):
                reading.db.steps = 0
            yield reading
        finally:
            self._give_back(generation, reading)

    def build_id(self) -> str:
        """The name of the newest build, looked up once for each file.

        Raises:
            NoCatalogueError, CatalogueTooNewError: as ``read``.
        """
        mark = self._mark()
        if self._named is None or self._named[0] != mark:
            with self.read() as reading:
                self._named = mark, reading.build_id
        return self._named[1]

    def close(self) -> None:
        """Close what is idle; what is in use closes when it is given back."""
        with self._lock:
            gone, self._now = self._now, None
        _close(gone.idle if gone else [])

    def _take(self) -> tuple[_Generation, Reading | None]:
        """The newest file, and a connection to it if one is idle."""
        mark = self._mark()
        gone: list[Reading] = []
        with self._lock:
            if self._now is None or self._now.mark != mark:
                gone = self._now.idle if self._now else []
                self._now = _Generation(mark)
            found = self._now
            reading = found.idle.pop() if found.idle else None
        _close(gone)
        return found, reading

    def _mark(self) -> _Mark:
        try:
            found = self._file.stat()
        except FileNotFoundError as error:
            raise NoCatalogueError(f"{self._file} does not exist: nothing was published yet (harvester run)") from error
        return _Mark(found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)

    def _give_back(self, generation: _Generation, reading: Reading) -> None:
        with self._lock:
            keep = generation is self._now and len(generation.idle) < _IDLE
            if keep:
                generation.idle.append(reading)
        if not keep:
            reading.db.close()


class _Patient(sqlite3.Connection):
    """A connection that gives up a question after so many steps of SQLite's machine."""

    steps = 0

    def is_tired(self) -> bool:
        """Count a further piece of work; true ends the question."""
        self.steps += _PIECE
        return self.steps > _MOST


def _close(readings: list[Reading]) -> None:
    for reading in readings:
        reading.db.close()


def _open(file: Path) -> Reading:
    if find_published(file) is None:
        raise NoCatalogueError(f"{file} is empty: nothing was published yet (harvester run)")
    if is_foreign(file):
        raise NoCatalogueError(f"{file} is no catalogue, or it is damaged; harvester doctor tells what to do")
    address = f"{file.resolve().as_uri()}?mode=ro"
    db = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None, factory=_Patient)
    db.set_progress_handler(db.is_tired, _PIECE)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA mmap_size = 2147418112")
    meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
    if not db.execute(_CURRENT).fetchone():
        db.close()
        raise NoCatalogueError(
            f"{file} was built by an earlier version: harvester catalogue build brings it up to date"
        )
    return Reading(db, meta["build_id"], meta["built_at"])
