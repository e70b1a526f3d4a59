"""Write the rows of services into a catalogue that is being built; of many, in a process of its own beside the one that makes them."""

from __future__ import annotations

import marshal
import multiprocessing
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from harvester.catalogue.batch import Batch, Rows, drain
from harvester.collector import paused_collector

_MANY = 150_000
"""From so many services on a process beside is worth what handing rows over costs: a seventh of a build's processor time."""
_LARGE_CACHE = "PRAGMA cache_size = -65536"
"""For identifiers of a whole country, which come in no order."""
_PLAIN = 2
"""The version of ``marshal`` that does not look whether a value was there before: rows repeat little, and looking takes half the time."""
_INSERTS = {
    "service": "INSERT INTO service VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "service_key": "INSERT OR IGNORE INTO service_key VALUES (?,?,?,?)",
    "key_match": "INSERT INTO key_match VALUES (?,?,?,?,?,?,?,?,?)",
    "service_source": "INSERT OR IGNORE INTO service_source VALUES (?,?,?,?,?,?)",
    "text_module": "INSERT INTO text_module VALUES (?,?,?,?,?,?)",
    "service_region": "INSERT OR IGNORE INTO service_region VALUES (?,?,?)",
    "link": "INSERT OR IGNORE INTO link (id, url, host, state) VALUES (?,?,?,'unchecked')",
    "service_link": "INSERT INTO service_link VALUES (?,?,?,?,?,?,?,NULL,NULL,?,NULL,NULL)",
    "service_situation": "INSERT OR IGNORE INTO service_situation VALUES (?,?,?,?,?,?)",
    "service_search": "INSERT INTO service_search VALUES (?,?,?,?,?,?,?,?)",
    "organisation": "INSERT INTO organisation VALUES (?,?,?,?,?,?,?,?)",
    "finding": "INSERT OR IGNORE INTO finding VALUES (?,?,?,?,?,?,?,?)",
    "conflict": "INSERT OR IGNORE INTO conflict VALUES (?,?,?,?,?)",
    "online_service": "INSERT INTO online_service VALUES (?,?,?,?,?,?,?)",
}


class Writer(Protocol):
    """Takes batches of rows; when it returns, the batch is empty and may be filled again."""

    def __call__(self, batch: Batch) -> None:
        """Write all rows, or raise the ``sqlite3.Error`` or ``OSError`` that hinders it."""


def unsafe(db: sqlite3.Connection) -> sqlite3.Connection:
    """Set a connection to write a file that is thrown away when anything goes wrong: no journal, nothing synchronised.

    A few pages are kept only: they stay in the processor's cache, and making an index sorts in as much memory again.
    """
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("PRAGMA cache_size = -16384")
    return db


def sort_in_little(db: sqlite3.Connection) -> None:
    """Give pages back before indexes are made: SQLite sorts in as much memory as it may keep pages in."""
    db.execute("PRAGMA cache_size = -4096")


def write(db: sqlite3.Connection, batch: Batch) -> None:
    """Write all rows of a batch and empty it."""
    _insert(db, drain(batch))


@contextmanager
def open_writer(db: sqlite3.Connection, file: Path, services: int) -> Iterator[Writer]:
    """A writer for so many ``services``; what it was given is in the file when the block ends.

    ``db`` has the file open, in a transaction. While a process beside writes, that transaction is closed; ``db`` must not be
    used inside the block.
    """
    if services < _MANY:
        yield lambda batch: write(db, batch)
        return
    db.execute("COMMIT")
    db.execute("PRAGMA locking_mode = NORMAL")
    db.execute("SELECT 1 FROM meta").fetchall()  # only now the lock is given up
    with _beside(file) as writer:
        yield writer
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("BEGIN")


@contextmanager
def _beside(file: Path) -> Iterator[Writer]:
    """A process that writes while the next rows are made. If the block is left by an error, so is what it wrote."""
    context = multiprocessing.get_context("spawn")
    theirs, rows = context.Pipe(duplex=False)
    outcome, told = context.Pipe(duplex=False)
    process = context.Process(target=_write_all, args=(theirs, told, file), daemon=True)
    process.start()
    theirs.close()
    told.close()

    def send(batch: Batch | None) -> None:
        try:
            rows.send_bytes(marshal.dumps(list(drain(batch)) if batch is not None else None, _PLAIN))
        except OSError:  # it ended early, and has said why
            raise _receive(outcome) or OSError(f"the process that writes {file} ended too early") from None

    with closing(rows), closing(outcome):
        try:
            yield send
            send(None)
            if error := _receive(outcome):
                raise error
        finally:
            rows.close()  # without a word before it means: leave it
            process.join()


def _receive(outcome: Connection) -> sqlite3.Error | OSError | None:
    """What the process beside has to say at its end: nothing, or what went wrong."""
    try:
        said: sqlite3.Error | OSError | None = outcome.recv()
    except (EOFError, OSError):
        return OSError("the process that writes the catalogue was stopped, perhaps for want of memory")
    return said


def _write_all(rows: Connection, told: Connection, file: Path) -> None:
    """Write what comes through the pipe; ``None`` ends it well, its end without that means that nobody wants it any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent closes the pipe
    with suppress(OSError):  # nobody listens any more
        try:
            with paused_collector(), closing(sqlite3.connect(file, isolation_level=None)) as db:
                unsafe(db).execute(_LARGE_CACHE)
                db.execute("BEGIN")
                while (several := marshal.loads(rows.recv_bytes())) is not None:  # noqa: S302 - from the process that started this one
                    _insert(db, several)
                db.execute("COMMIT")
            told.send(None)
        except EOFError:
            return
        except (sqlite3.Error, OSError) as error:
            told.send(error)


def _insert(db: sqlite3.Connection, several: Rows) -> None:
    for table, rows in several:
        db.executemany(_INSERTS[table], rows)
