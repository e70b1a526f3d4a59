"""Snapshots: documents whose bytes are gone or damaged are fetched again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from sqlite_utils import Database

from harvester.doctor.diagnosis import Diagnosis, Health
from harvester.fetch import SnapshotStore
from harvester.fetch.snapshots import SnapshotBrokenError
from harvester.state.transaction import writing
from harvester.workspace import Workspace

_SAMPLE_FILES = 1000
_SAMPLE_BYTES = 200_000_000
"""What is read through without ``thorough``: some seconds' worth, compressed."""


def check_snapshots(
    state: Database, workspace: Workspace, now: datetime, *, mend: bool, thorough: bool
) -> Iterator[Diagnosis]:
    """Snapshots that records were read from: all should be there, and hold what they are named after.

    That they are there is seen of all. What they hold is read of a sample, another one each day, or with ``thorough`` of all.
    """
    store = SnapshotStore(workspace.snapshots)
    rows = state.conn.execute("SELECT sha256 FROM document UNION SELECT sha256 FROM validator ORDER BY 1").fetchall()
    known = [row[0] for row in rows]
    there = [sha256 for sha256 in known if store.has(sha256)]
    missing = sorted(set(known) - set(there))
    looked_at = there if thorough else _sample(store, there, now)
    damaged = [sha256 for sha256 in looked_at if not _is_whole(store, sha256)]
    extent = "each of them read through" if len(looked_at) == len(there) else f"{len(looked_at)} of them read through"
    if not missing and not damaged:
        hint = "" if len(looked_at) == len(there) else "; --thorough reads all"
        yield Diagnosis("snapshots", Health.OK, f"all {len(known)} are there, {extent}{hint}")
        return
    told = " and ".join(
        f"{len(found)} {'is' if len(found) == 1 else 'are'} {what}"
        for found, what in ((missing, "missing"), (damaged, "damaged"))
        if found
    )
    if not mend:
        yield Diagnosis("snapshots", Health.ILL, told, "harvester doctor, then harvester run")
        return
    for sha256 in damaged:
        with suppress(FileNotFoundError):
            store.path(sha256).unlink()
    _forget(state, [*missing, *damaged])
    again = "it" if len(missing) + len(damaged) == 1 else "them"
    yield Diagnosis("snapshots", Health.MENDED, f"{told}; the next run fetches {again} again")


def _sample(store: SnapshotStore, names: Sequence[str], now: datetime) -> list[str]:
    """Some snapshots in the order of their names, beginning elsewhere each day, so that in time all have their turn."""
    begin = hashlib.sha256(f"{now:%Y-%m-%d}".encode()).hexdigest()
    chosen: list[str] = []
    size = 0
    for sha256 in sorted(names, key=lambda name: (name < begin, name))[:_SAMPLE_FILES]:
        with suppress(FileNotFoundError):
            size += store.path(sha256).stat().st_size
        if size > _SAMPLE_BYTES and chosen:
            break
        chosen.append(sha256)
    return chosen


def _is_whole(store: SnapshotStore, sha256: str) -> bool:
    try:
        store.verify(sha256)
    except SnapshotBrokenError:
        return False
    except FileNotFoundError:
        return True  # it went meanwhile; the next examination finds it missing
    return True


def _forget(state: Database, names: Sequence[str]) -> None:
    """Ask for the bytes again without a condition, and read the documents again when they are there."""
    with writing(state.conn):
        state.conn.executemany("DELETE FROM validator WHERE sha256 = ?", [(name,) for name in names])
        state.conn.executemany("UPDATE document SET reader = 'lost' WHERE sha256 = ?", [(name,) for name in names])
