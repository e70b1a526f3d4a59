"""A transaction that writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def writing(state: sqlite3.Connection) -> Iterator[None]:
    """Take the write lock first, then do the block as one transaction, all or nothing.

    A transaction that begins by reading and writes later fails at once when another process has written in between
    (SQLite, "Isolation": SQLITE_BUSY_SNAPSHOT); this one waits for its turn before it reads.
    """
    state.execute("BEGIN IMMEDIATE")
    try:
        yield
        state.execute("COMMIT")
    except BaseException:
        if state.in_transaction:  # a full disk ends the transaction by itself
            state.execute("ROLLBACK")
        raise
