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
        found = conn.execute(
            "SELECT id, owner, started_at, seen_at FROM link_run WHERE ended_at IS NULL ORDER BY id DESC"
        ).fetchone()
        if found is not None:
            run_id, other, started, seen = (
                found[0],
                found[1],
                datetime.fromisoformat(found[2]),
                datetime.fromisoformat(found[3]),
            )
            if other != owner and alive(other) and abs(at - seen) < STALE:
                raise RunBusyError(f"another link check is under way ({other}, since {found[2]}); wait for its end")
            if timedelta(0) <= at - started < FRESH:
                conn.execute("UPDATE link_run SET owner = ?, seen_at = ? WHERE id = ?", (owner, at.isoformat(), run_id))
                conn.execute("COMMIT")
                return run_id, True
            finish(conn, run_id, at, "the run was killed and not resumed within a day")
        count = conn.execute("SELECT count(*) FROM link_run").fetchone()[0]
        run_id = f"links-{at:%Y%m%dT%H%M%SZ}-{count + 1}"
        conn.execute(
            "INSERT INTO link_run (id, owner, started_at, seen_at) VALUES (?,?,?,?)",
            (run_id, owner, at.isoformat(), at.isoformat()),
        )
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
    return run_id, False


def beat(conn: sqlite3.Connection, run_id: str, at: datetime) -> None:
    """Say that a run is alive."""
    conn.execute("UPDATE link_run SET seen_at = ? WHERE id = ?", (at.isoformat(), run_id))


def finish(conn: sqlite3.Connection, run_id: str, at: datetime, void: str | None) -> None:
    """End a run."""
    conn.execute(
        "UPDATE link_run SET ended_at = ?, seen_at = ?, void = ? WHERE id = ?",
        (at.isoformat(), at.isoformat(), void, run_id),
    )
