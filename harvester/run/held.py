"""Held runs: complete but not plausible. Their records wait in their shard until a person decides or a better run comes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from harvester.errors import UsageError
from harvester.registry.source import Expectations
from harvester.run.fold import Changes, Fold, attached, fold
from harvester.run.judge import Verdict
from harvester.state.transaction import writing


class Held(NamedTuple):
    """A run that waits for a decision. ``delta`` and ``cursor`` are those of its event log."""

    run_id: str
    source_id: str
    reason: str
    delta: bool
    cursor: str | None


def held_runs(state: Database) -> list[Held]:
    """Runs that can be approved: of each source the last one, if it is held and nobody has decided."""
    rows = state.conn.execute(
        """
        SELECT r.id, r.source_id, r.reason, r.delta, r.cursor FROM run r
        WHERE r.verdict = 'held' AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.subject = r.id)
          AND NOT EXISTS (SELECT 1 FROM run n WHERE n.source_id = r.source_id AND n.id <> r.id
                          AND n.verdict IN ('complete', 'partial', 'held') AND n.ended_at > r.ended_at)
        ORDER BY r.id
        """
    )
    return [Held(row[0], row[1], row[2], bool(row[3]), row[4]) for row in rows.fetchall()]


def find_held(state: Database, run_id: str) -> Held:
    """The held run of that id.

    Raises:
        UsageError: there is none; the message says why.
    """
    waiting = held_runs(state)
    found = next((held for held in waiting if held.run_id == run_id), None)
    if found is not None:
        return found
    row = state.conn.execute("SELECT verdict FROM run WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        told = f"there is no run {run_id!r}"
    elif row[0] != Verdict.HELD:
        told = f"the run {run_id} is {row[0] or 'not finished'}, not held"
    else:
        told = f"the run {run_id} no longer waits: it was decided, or a later run of its source was accepted or held"
    names = ", ".join(held.run_id for held in waiting) or "none"
    raise UsageError(f"{told}; waiting for a decision: {names}")


def release(
    state: Database, held: Held, runs: Path, expectations: Expectations, *, because: str, who: str, at: datetime
) -> Changes:
    """Take a held run over as if it had been found plausible, and write down who said so and why."""
    shard = shard_of(runs, held.run_id)
    if not shard.exists():
        raise UsageError(
            f"the records of {held.run_id} are gone ({shard}); run the source again: harvester run {held.source_id}"
        )
    with attached(state, shard), writing(state.conn):
        plan = Fold(
            run_id=held.run_id,
            source_id=held.source_id,
            at=at,
            absences=not held.delta,
            grace=expectations.grace,
            cursor=held.cursor,
            delta=held.delta,
            keep=expectations.keep,
        )
        changes = fold(state, plan)
        decide(state, "approve", held.run_id, because, who, at)
        state.conn.execute(
            "UPDATE run SET created = ?, changed = ?, removed = ? WHERE id = ?",
            (changes.created, changes.changed, changes.removed, held.run_id),
        )
        state.conn.execute(
            "UPDATE source SET verdict = ?, reason = ?, last_complete_at = ? WHERE id = ?",
            (Verdict.COMPLETE, f"Approved by {who}: {because}", at.isoformat(), held.source_id),
        )
    shard.unlink()
    return changes


def decide(state: Database, kind: str, subject: str, because: str, who: str, at: datetime) -> None:
    """Write down a decision of a person: what, about what, why, who, when."""
    row = (at.isoformat(), kind, subject, because, who)
    state.conn.execute("INSERT INTO decision (at, kind, subject, because, who) VALUES (?, ?, ?, ?, ?)", row)


def shard_of(runs: Path, run_id: str) -> Path:
    """Where a run's records are."""
    return runs / f"{run_id}.shard"


def drop_stale_shards(state: Database, runs: Path, source_id: str) -> None:
    """Remove the shards of a source's judged runs that nobody can approve any more. The caller holds the source's lease.

    Those of held runs that were overtaken, and those whose process died between its verdict and its last step.
    """
    waiting = {held.run_id for held in held_runs(state)}
    for file in runs.glob("*.shard"):
        judged = "SELECT 1 FROM run WHERE id = ? AND source_id = ? AND verdict IS NOT NULL"
        if file.stem not in waiting and state.conn.execute(judged, (file.stem, source_id)).fetchone():
            file.unlink(missing_ok=True)
