"""After a crash: close runs that nobody will ever judge. Nothing of them counts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from harvester.registry import Source
from harvester.run.harvest import begin
from harvester.run.held import shard_of
from harvester.run.judge import Judgement, Verdict
from harvester.run.outcome import Outcome
from harvester.state.lease import Owner, find, read_lease
from harvester.state.transaction import writing


class OpenRun(NamedTuple):
    """A run without a verdict."""

    run_id: str
    source_id: str


def lease_of(source_id: str) -> str:
    """The name of the lease on a source."""
    return f"source:{source_id}"


def unfinished_runs(state: Database, now: datetime) -> list[OpenRun]:
    """Runs without a verdict whose source nobody holds."""
    # in one statement: between two, another process may take a source and begin
    rows = state.conn.execute(
        "SELECT r.id, r.source_id, l.name, l.host, l.pid, l.began, l.taken_at, l.expires_at"
        " FROM run r LEFT JOIN lease l ON l.name = ? || r.source_id WHERE r.verdict IS NULL ORDER BY r.id",
        (lease_of(""),),
    ).fetchall()
    return [OpenRun(*row[:2]) for row in rows if row[2] is None or read_lease(row[2:]).is_lost(now)]


def recover(state: Database, runs: Path, now: datetime) -> list[OpenRun]:
    """Close all unfinished runs as failed and remove what they left behind; returns them."""
    with writing(state.conn):
        found = unfinished_runs(state, now)
        for run in found:
            _close(state, run, "The process ended before the run was judged.", now, interrupted=True)
    for run in found:
        shard_of(runs, run.run_id).unlink(missing_ok=True)
    return found


def abandon(state: Database, source: Source, runs: Path, reason: str, now: datetime, *, ours: bool = False) -> Outcome:
    """Fail the run of a source whose process is gone, and free the source; the outcome says why.

    If another process is at the source meanwhile, nothing of it is touched. With ``ours`` this process holds the source itself.
    """
    told = f"The run was stopped: {reason}."
    with writing(state.conn):
        lease = find(state.conn, lease_of(source.id))
        run = None
        mine = ours and lease is not None and lease.owner == Owner.this()
        if lease is None or mine or lease.is_lost(now):
            run = _open_run(state, source, now)
            _close(state, run, told, now)
            state.conn.execute("DELETE FROM lease WHERE name = ?", (lease_of(source.id),))
    if run is not None:
        shard_of(runs, run.run_id).unlink(missing_ok=True)
    return Outcome(run.run_id if run else "", source.id, source.level, Judgement(Verdict.FAILED, told))


def _open_run(state: Database, source: Source, now: datetime) -> OpenRun:
    """The run that the process had begun; one that only tells of the failure, where it died before."""
    query = "SELECT id FROM run WHERE source_id = ? AND verdict IS NULL ORDER BY started_at DESC, id DESC"
    row = state.conn.execute(query, (source.id,)).fetchone()
    return OpenRun(row[0] if row else begin(state, source, now), source.id)


def _close(state: Database, run: OpenRun, reason: str, now: datetime, *, interrupted: bool = False) -> None:
    """Give a run that cannot be judged the verdict failed. An interrupted one does not count as the source's turn."""
    state.conn.execute(
        "UPDATE run SET verdict = ?, reason = ?, ended_at = ?, interrupted = ? WHERE id = ?",
        (Verdict.FAILED, reason, now.isoformat(), interrupted, run.run_id),
    )
    state.conn.execute(
        "UPDATE source SET verdict = ?, reason = ?, last_run_at = ? WHERE id = ?",
        (Verdict.FAILED, reason, now.isoformat(), run.source_id),
    )
