"""Leases: who works on what, so that two runs never touch the same source at once.

A lease is a row with an owner, a heartbeat and an expiry. On the owner's own machine the process itself tells: a lease is
lost the moment its process is gone, so that a run after a crash need not wait, and never while it lives, so that a machine
that slept or a clock that was set takes nothing away from it. Of another machine's process only the heartbeat tells: its
lease is lost when it expires.
"""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from sqlite_utils import Database

from harvester.errors import Exit, HarvesterError
from harvester.state.transaction import writing

LIFETIME = timedelta(seconds=120)
"""How long a lease outlives its last heartbeat."""

_PAUSE = 0.5
_BEAT = LIFETIME.total_seconds() / 4


@dataclass(frozen=True, slots=True)
class Owner:
    """A process: its machine, its number, and when it began (numbers are used again)."""

    host: str
    pid: int
    began: float

    @classmethod
    def this(cls) -> Owner:
        """This process."""
        process = psutil.Process()
        return cls(socket.gethostname(), process.pid, process.create_time())

    @property
    def is_alive(self) -> bool | None:
        """Whether the process is there; None where nobody can tell, as of another machine's."""
        if self.host != socket.gethostname():
            return None
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.began) <= 1
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            return None


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it stands in the table. Times are UTC."""

    name: str
    owner: Owner
    taken_at: datetime
    expires_at: datetime

    def is_lost(self, now: datetime) -> bool:
        """Whether somebody else may take it."""
        alive = self.owner.is_alive
        return self.expires_at <= now if alive is None else not alive


def take(state: sqlite3.Connection, name: str, owner: Owner, now: datetime) -> bool:
    """Take a lease if it is free or lost; tells whether it is ours now. A lease we hold already is not taken twice."""
    return take_all(state, {name}, owner, now)


def take_all(state: sqlite3.Connection, names: Collection[str], owner: Owner, now: datetime) -> bool:
    """Take several leases, or none if one of them is neither free nor lost."""
    with writing(state):
        free = all(lease.is_lost(now) for lease in all_leases(state) if lease.name in names)
        if free:
            about = (owner.host, owner.pid, owner.began, now.isoformat(), (now + LIFETIME).isoformat())
            rows = ((name, *about) for name in names)
            state.executemany("INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?)", rows)
    return free


def renew(state: sqlite3.Connection, owner: Owner, now: datetime) -> int:
    """Push the expiry of all leases of an owner; returns how many there are."""
    renewed = state.execute(
        "UPDATE lease SET expires_at = ? WHERE host = ? AND pid = ? AND began = ?",
        ((now + LIFETIME).isoformat(), owner.host, owner.pid, owner.began),
    )
    return renewed.rowcount


def give_back(state: sqlite3.Connection, name: str, owner: Owner) -> None:
    """Give a lease back; one that meanwhile belongs to somebody else is left alone."""
    state.execute(
        "DELETE FROM lease WHERE name = ? AND host = ? AND pid = ? AND began = ?",
        (name, owner.host, owner.pid, owner.began),
    )


def give_all_back(state: sqlite3.Connection, names: Collection[str], owner: Owner) -> None:
    """Give several leases back at once."""
    with writing(state):
        for name in names:
            give_back(state, name, owner)


def find(state: sqlite3.Connection, name: str) -> Lease | None:
    """The lease of that name, lost or not."""
    return next((lease for lease in all_leases(state) if lease.name == name), None)


def all_leases(state: sqlite3.Connection) -> list[Lease]:
    """All leases, lost or not."""
    rows = state.execute("SELECT name, host, pid, began, taken_at, expires_at FROM lease ORDER BY name")
    return [read_lease(row) for row in rows.fetchall()]


def read_lease(row: Sequence[Any]) -> Lease:
    """A lease from its row, the columns as they stand in the table."""
    name, host, pid, began, taken, expires = row
    return Lease(name, Owner(host, pid, began), datetime.fromisoformat(taken), datetime.fromisoformat(expires))


def reap(state: sqlite3.Connection, now: datetime) -> list[Lease]:
    """Remove all lost leases; returns them."""
    lost = [lease for lease in all_leases(state) if lease.is_lost(now)]
    for lease in lost:
        give_back(state, lease.name, lease.owner)
    return lost


@contextmanager
def heartbeat(state_file: Path, owner: Owner, clock: Callable[[], datetime]) -> Iterator[None]:
    """Renew the owner's leases from a thread of its own, as long as the block runs.

    The thread has its own connection: the block may be deep in a long transaction or a long parse.
    """
    ended = threading.Event()

    def beat() -> None:
        connection = sqlite3.connect(state_file, timeout=60, isolation_level=None)
        try:
            while not ended.wait(_BEAT):
                try:
                    renew(connection, owner, clock())
                except sqlite3.OperationalError:
                    continue  # locked for long: the next beat is soon enough, a lease outlives three
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="lease-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class BusyError(HarvesterError):
    """Somebody else holds the lease."""

    exit = Exit.BUSY


@contextmanager
def holding(
    state: Database, state_file: Path, name: str, clock: Callable[[], datetime], *, patience: float = 0
) -> Iterator[None]:
    """Hold a lease, renewed, for as long as the block runs; wait for it up to ``patience`` seconds.

    Raises:
        BusyError: somebody else still holds it; the message says who.
    """
    owner = Owner.this()
    deadline = time.monotonic() + patience
    while not take(state.conn, name, owner, clock()):
        if time.monotonic() >= deadline:
            held = find(state.conn, name)
            by = (
                f"process {held.owner.pid} on {held.owner.host} since {held.taken_at:%H:%M} UTC"
                if held
                else "another process"
            )
            raise BusyError(f"{name} is held by {by}; try again when it has ended, or see harvester doctor")
        time.sleep(_PAUSE)
    try:
        with heartbeat(state_file, owner, clock):
            yield
    finally:
        give_back(state.conn, name, owner)
