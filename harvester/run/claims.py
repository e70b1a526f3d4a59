"""Claims on hosts, kept in the state: cron, a scheduler and people may all begin a harvest in one workspace."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from harvester.state.lease import Owner, all_leases, give_back, heartbeat, take_all
from harvester.state.transaction import writing

_PATIENCE = 0.2
"""Seconds to wait for whoever writes; those who claim come again."""
_LAST = 30.0
"""The same at the end, when nobody comes again."""


class Claims:
    """What this command has claimed, and what others have. A claim is a lease: whose process is gone has none.

    Two commands never claim one name, so they never ask at one host. Only the pause between the last request of the one and
    the first of the other may be too short, where the one ends with it.
    """

    def __init__(self, state_file: Path, clock: Callable[[], datetime]) -> None:
        self._file = state_file
        self._clock = clock
        self._owner = Owner.this()
        self._names: set[str] = set()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._conn = self._stack.enter_context(closing(sqlite3.connect(self._file, timeout=_PATIENCE)))
        self._conn.isolation_level = None
        self._stack.callback(self._end)
        self._stack.enter_context(heartbeat(self._file, self._owner, self._clock))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def others(self) -> frozenset[str]:
        """The leases that living processes hold and this one does not."""
        now = self._clock()
        leases = [lease for lease in all_leases(self._conn) if lease.owner != self._owner]
        return frozenset(lease.name for lease in leases if not lease.is_lost(now))

    def take(self, names: Collection[str]) -> bool:
        """Claim names, all or none; not if somebody has one of them, nor while somebody writes for long.

        Raises:
            sqlite3.OperationalError: the state cannot be written.
        """
        try:
            if not take_all(self._conn, names, self._owner, self._clock()):
                return False
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                return False
            raise
        self._names.update(names)
        return True

    def give_back(self, names: Collection[str]) -> bool:
        """Give claims back; not while somebody writes for long.

        Raises:
            sqlite3.OperationalError: the state cannot be written.
        """
        try:
            with writing(self._conn):
                for name in names:
                    give_back(self._conn, name, self._owner)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                return False
            raise
        self._names.difference_update(names)
        return True

    def _end(self) -> None:
        self._conn.execute(f"PRAGMA busy_timeout = {_LAST * 1000:.0f}")
        if self._names:
            self.give_back(set(self._names))
