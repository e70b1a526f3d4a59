"""After a crash: close runs that nobody will ever judge. Nothing of them counts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from harvester.registry import Source
from harvester.run.judge import Judgement, Verdict
from harvester.run.outcome import Outcome
from harvester.state.lease import all_leases


class OpenRun(NamedTuple):
    """A run without a verdict."""

    run_id: str
    source_id: str


def lease_of(source_id: str) -> str:
    """The name of the lease on a source."""
    return f"source:{source_id}"


def unfinished_runs(state: Database, now: datetime) -> list[OpenRun]:
    """Runs without a verdict whose source nobody holds."""
    held = {lease.name for lease in all_leases(state.conn) if not lease.is_lost(now)}
    rows = state.conn.execute("SELECT id, source_id FROM run WHERE verdict IS NULL ORDER BY id").fetchall()
    return [OpenRun(*row) for row in rows if lease_of(row[1]) not in held]


def recover(state: Database, runs: Path, now: datetime) -> list[OpenRun]:
    """Close all unfinished runs as failed and remove what they left behind; returns them."""
    found = unfinished_runs(state, now)
    for run in found:
        close_run(state, run, runs, "The process ended before the run was judged.", now)
    return found


def close_run(state: Database, run: OpenRun, runs: Path, reason: str, now: datetime) -> None:
    """Give a run that cannot be judged the verdict failed."""
    with state.atomic():
        state.conn.execute(
            "UPDATE run SET verdict = ?, reason = ?, ended_at = ? WHERE id = ? AND verdict IS NULL",
            (Verdict.FAILED, reason, now.isoformat(), run.run_id),
        )
        state.conn.execute(
            "UPDATE source SET verdict = ?, reason = ?, last_run_at = ? WHERE id = ?",
            (Verdict.FAILED, reason, now.isoformat(), run.source_id),
        )
    (runs / f"{run.run_id}.shard").unlink(missing_ok=True)


def abandon(state: Database, source: Source, runs: Path, reason: str, now: datetime) -> Outcome:
    """Close the run of a source whose process had to be ended, and free the source; the outcome says why."""
    row = state.conn.execute(
        "SELECT id FROM run WHERE source_id = ? AND verdict IS NULL ORDER BY started_at DESC", (source.id,)
    ).fetchone()
    run = OpenRun(row[0] if row else "", source.id)
    told = f"The run was stopped: {reason}."
    close_run(state, run, runs, told, now)
    state.conn.execute("DELETE FROM lease WHERE name = ?", (lease_of(source.id),))
    return Outcome(run.run_id, source.id, source.level, Judgement(Verdict.FAILED, told))
