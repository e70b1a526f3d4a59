"""The state of a workspace: schema, integrity, leases, unfinished runs, clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlite_utils import Database

from harvester.doctor.diagnosis import Diagnosis, Health
from harvester.run.recover import recover, unfinished_runs
from harvester.state.lease import all_leases, reap
from harvester.workspace import Workspace

_SLACK = timedelta(minutes=5)
"""How far the clock may go back before it is called wrong: machines set it by small steps."""


def check_integrity(state: Database) -> Diagnosis:
    """The file itself, as far as SQLite can tell in short time."""
    found = [row[0] for row in state.conn.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
    return damaged("; ".join(found)) if found else Diagnosis("state", Health.OK, _SOUND)


_SOUND = "state.db is sound, its schema is this program's"
_RESTORE = (
    "restore state.db from a backup; without one, move it and state.db-wal aside:"
    " the next run fetches everything anew and keeps all ids"
)


def damaged(told: str) -> Diagnosis:
    """The state cannot be read."""
    return Diagnosis("state", Health.ILL, f"state.db is damaged: {told}", _RESTORE)


def check_leases(state: Database, now: datetime, *, mend: bool) -> Iterator[Diagnosis]:
    """Leases whose process is gone or has stopped renewing them."""
    lost = [lease for lease in all_leases(state.conn) if lease.is_lost(now)]
    if not lost:
        held = ", ".join(lease.name for lease in all_leases(state.conn))
        yield Diagnosis("leases", Health.OK, f"held: {held}" if held else "none held")
    elif mend:
        reap(state.conn, now)
        yield Diagnosis("leases", Health.MENDED, f"stale leases removed: {', '.join(lease.name for lease in lost)}")
    else:
        yield Diagnosis("leases", Health.ILL, f"stale: {', '.join(lease.name for lease in lost)}", "harvester doctor")


def check_runs(state: Database, workspace: Workspace, now: datetime, *, mend: bool) -> Iterator[Diagnosis]:
    """Runs that began and were never judged, though nobody works on them."""
    open_runs = unfinished_runs(state, now)
    if not open_runs:
        yield Diagnosis("runs", Health.OK, "no run without a verdict")
    elif mend:
        recover(state, workspace.runs, now)
        yield Diagnosis(
            "runs", Health.MENDED, f"{len(open_runs)} interrupted runs closed as failed; nothing of them counts"
        )
    else:
        yield Diagnosis("runs", Health.ILL, f"{len(open_runs)} runs without a verdict", "harvester doctor")


def check_clock(state: Database, now: datetime) -> Iterator[Diagnosis]:
    """A clock that stands before what was written already would order runs and events wrongly."""
    latest = _latest(state.conn)
    if latest is None or now >= latest - _SLACK:
        yield Diagnosis("clock", Health.OK, f"{now:%Y-%m-%d %H:%M} UTC")
    else:
        found = f"it is {now:%Y-%m-%d %H:%M} UTC here, but state.db was written at {latest:%Y-%m-%d %H:%M}"
        yield Diagnosis("clock", Health.ILL, found, "set the machine's clock (timedatectl) before the next run")


def _latest(conn: sqlite3.Connection) -> datetime | None:
    times = "SELECT max(started_at) AS at FROM run UNION ALL SELECT max(ended_at) FROM run UNION ALL SELECT max(at) FROM event"
    query = f"SELECT max(at) FROM ({times})"
    (latest,) = conn.execute(query).fetchone()
    return datetime.fromisoformat(latest) if latest else None
