"""Claims on hosts, kept in the state: cron, a scheduler and people may all begin a harvest in one workspace."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from contextlib import ExitStack, closing, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from harvester.state.lease import Owner, all_leases, give_all_back, heartbeat, take_all

_PATIENCE = 0.2
"""Seconds to wait for whoever writes; those who claim come again."""
_LAST = 30.0
"""The same at the end, when nobody comes again."""
_PRIMARY = 0xFF
"""The part of SQLite's extended codes that says what kind of error it is (https://www.sqlite.org/rescode.html)."""


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
        taken = self._write(lambda: take_all(self._conn, names, self._owner, self._clock()))
        if taken:
            self._names.update(names)
        return taken

    def give_back(self, names: Collection[str]) -> bool:
        """Give claims back; not while somebody writes for long.

        Raises:
            sqlite3.OperationalError: the state cannot be written.
        """
        given = self._write(lambda: give_all_back(self._conn, names, self._owner))
        if given:
            self._names.difference_update(names)
        return given

    def _write(self, change: Callable[[], bool | None]) -> bool:
        """Change something, unless somebody else writes for long; tells whether it was done."""
        try:
            return change() is not False
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY == sqlite3.SQLITE_BUSY:
                return False
            raise

    def _end(self) -> None:
        """Give everything back. Where even that cannot be written, the claims go with the process; that is no second fault."""
        self._conn.execute(f"PRAGMA busy_timeout = {_LAST * 1000:.0f}")
        if self._names:
            with suppress(sqlite3.OperationalError):
                self.give_back(set(self._names))
