"""Runs of the checker in ``state.db``: one at a time, resumed where one was killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from harvester.errors import Exit, HarvesterError

STALE = timedelta(minutes=30)
"""A run that was silent for so long is dead, whatever its owner says."""

FRESH = timedelta(hours=24)
"""Observations of a dead run that are younger than this still count; an older run is void."""


class RunBusyError(HarvesterError):
    """Another link check is under way."""

    exit = Exit.BUSY


def begin(conn: sqlite3.Connection, owner: str, at: datetime, alive: Callable[[str], bool]) -> tuple[str, bool]:
    """The id of the run that begins now, and whether it resumes one that was killed.

    Raises:
        RunBusyError: another run is under way.
    """
    conn.execute("BEGIN IMMEDIATE")
    try:
        begun = _take_over(conn, owner, at, alive) or (_open(conn, owner, at), False)
        conn.execute("COMMIT")
    except BaseException:
        conn.execute("ROLLBACK")
        raise
    return begun


def _take_over(
    conn: sqlite3.Connection, owner: str, at: datetime, alive: Callable[[str], bool]
) -> tuple[str, bool] | None:
    """Resume the run that was killed, if there is one and it is fresh."""
    query = "SELECT id, owner, started_at, seen_at FROM link_run WHERE ended_at IS NULL ORDER BY started_at DESC"
    found = conn.execute(query).fetchone()
    if found is None:
        return None
    run_id, other, started, seen = found
    if other != owner and alive(other) and abs(at - datetime.fromisoformat(seen)) < STALE:
        raise RunBusyError(f"another link check is under way ({other}, since {started}); wait for its end")
    if timedelta(0) <= at - datetime.fromisoformat(started) < FRESH:
        conn.execute("UPDATE link_run SET owner = ?, seen_at = ? WHERE id = ?", (owner, at.isoformat(), run_id))
        return run_id, True
    finish(conn, run_id, at, "the run was killed and not resumed within a day")
    return None


def _open(conn: sqlite3.Connection, owner: str, at: datetime) -> str:
    count = conn.execute("SELECT count(*) FROM link_run").fetchone()[0]
    run_id, now = f"links-{at:%Y%m%dT%H%M%SZ}-{count + 1}", at.isoformat()
    insert = "INSERT INTO link_run (id, owner, started_at, seen_at) VALUES (?,?,?,?)"
    conn.execute(insert, (run_id, owner, now, now))
    return run_id


def beat(conn: sqlite3.Connection, run_id: str, at: datetime) -> None:
    """Say that a run is alive."""
    conn.execute("UPDATE link_run SET seen_at = ? WHERE id = ?", (at.isoformat(), run_id))


def finish(conn: sqlite3.Connection, run_id: str, at: datetime, void: str | None) -> None:
    """End a run."""
    conn.execute(
        "UPDATE link_run SET ended_at = ?, seen_at = ?, void = ? WHERE id = ?",
        (at.isoformat(), at.isoformat(), void, run_id),
    )
