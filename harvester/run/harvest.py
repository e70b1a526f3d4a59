"""Harvest one source: crawl, read, judge, fold. The whole of a run in one function."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeAlias

from sqlite_utils import Database

from harvester import fetch
from harvester.log import bound, log_of
from harvester.model import Document
from harvester.registry import Source
from harvester.run.facts import collect_facts
from harvester.run.fold import Changes, Fold, absences_count, attached, fold
from harvester.run.gather import Gathered, gather
from harvester.run.held import drop_stale_shards, shard_of
from harvester.run.judge import Judgement, Verdict, judge
from harvester.run.learn import GoodRun, learn
from harvester.run.outcome import Outcome
from harvester.run.progress import Meter, Progress, Stage
from harvester.run.read import Read
from harvester.state import Tally
from harvester.state.lease import BusyError
from harvester.state.shard import TALLY, read_tally

Clock: TypeAlias = Callable[[], datetime]


async def harvest(
    source: Source,
    *,
    state: Database,
    fetcher: fetch.Fetcher,
    runs: Path,
    clock: Clock,
    dry: bool = False,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Outcome:
    """Harvest a source and fold the result into the state, unless ``dry`` or the verdict says no.

    ``tell`` hears now and then how far it is.

    Everything that can go wrong with a source ends in the verdict, never in an exception; only the program's own faults
    (disk, state) raise.
    """
    started = clock()
    run_id = f"{started:%Y%m%d-%H%M%S}-{source.id}-dry" if dry else begin(state, source, started)
    log = log_of("run")
    with bound(run=run_id, source=source.id):
        log.info("began")
        meter = Meter(source.id, tell)
        outcome = await _harvest(source, run_id, meter, state=state, fetcher=fetcher, runs=runs, clock=clock, dry=dry)
        log.info(
            "ended",
            verdict=str(outcome.verdict),
            reason=outcome.judgement.reason,
            fetched=outcome.fetched,
            requests=outcome.requests,
            bytes=outcome.received,
        )
    return outcome


async def _harvest(  # noqa: PLR0913 - all that a harvest goes by
    source: Source,
    run_id: str,
    meter: Meter,
    *,
    state: Database,
    fetcher: fetch.Fetcher,
    runs: Path,
    clock: Clock,
    dry: bool,
) -> Outcome:
    shard_file = shard_of(runs, run_id)
    keep = False
    try:
        gathered = await gather(
            source,
            cursor=cursor_of(state, source),
            known=partial(known_tally, state, source.id),
            fetcher=fetcher,
            shard_file=shard_file,
            meter=meter,
        )
        meter.enter(Stage.JUDGING)
        outcome = settle(state, source, run_id, gathered, shard_file, clock(), dry=dry)
        keep = outcome.verdict is Verdict.HELD and not dry
    finally:
        if not keep:
            shard_file.unlink(missing_ok=True)
    drop_stale_shards(state, runs, source.id)
    return outcome


def begin(state: Database, source: Source, at: datetime) -> str:
    """Note that a run has begun, and give it an id: time and source, unique. The caller holds the source's lease.

    Whoever holds the lease is the only one at the source, so a run that is open still is one whose process is gone or has
    lost the source; it is closed, and what it may bring later does not count (``_settle``).
    """
    state.conn.execute(
        "UPDATE run SET verdict = 'failed', reason = 'The run was interrupted.', ended_at = ?, interrupted = 1"
        " WHERE source_id = ? AND verdict IS NULL",
        (at.isoformat(), source.id),
    )
    stamp = f"{at:%Y%m%d-%H%M%S}-{source.id}"
    taken = {
        row[0] for row in state.conn.execute("SELECT id FROM run WHERE id = ? OR id LIKE ?", (stamp, stamp + "-%"))
    }
    run_id = stamp if stamp not in taken else next(i for n in range(2, 10_000) if (i := f"{stamp}-{n}") not in taken)
    description = source.model_dump_json(exclude={"options"})
    state.conn.execute(
        "INSERT INTO source (id, description) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET description = excluded.description",
        (source.id, description),
    )
    state.conn.execute(
        "INSERT INTO run (id, source_id, started_at) VALUES (?, ?, ?)", (run_id, source.id, at.isoformat())
    )
    return run_id


def settle(
    state: Database,
    source: Source,
    run_id: str,
    gathered: Gathered,
    shard_file: Path,
    at: datetime,
    *,
    dry: bool = False,
) -> Outcome:
    """Judge what was read and take it over from its shard, in one transaction.

    Raises:
        BusyError: somebody else has closed the run meanwhile; nothing of it counts.
    """
    with attached(state, shard_file):
        return _settle(state, source, run_id, gathered, at, dry=dry)


def _settle(state: Database, source: Source, run_id: str, gathered: Gathered, at: datetime, *, dry: bool) -> Outcome:
    read, end, delta = gathered.read, gathered.end, gathered.delta
    conn = state.conn
    conn.execute("BEGIN IMMEDIATE")
    try:
        if not dry and conn.execute("SELECT verdict FROM run WHERE id = ?", (run_id,)).fetchone()[0] is not None:
            raise BusyError(f"{source.id} was taken over by another process; nothing of this run counts")  # noqa: TRY301 - the rollback below is wanted
        errors = end.errors or (() if end.reason == "finished" else (f"it ended early: {end.reason}",))
        facts = collect_facts(
            state,
            source.id,
            read,
            gathered.documents,
            gathered.lost,
            gathered.coverage,
            errors,
            drift=source.spoken.drift,
        )
        judgement = judge(facts, source.expectations, learn(_good_runs(state, source.id)))
        changes = Changes()
        if judgement.verdict in (Verdict.COMPLETE, Verdict.PARTIAL) and not dry:
            changes = fold(
                state,
                Fold(
                    run_id=run_id,
                    source_id=source.id,
                    at=at,
                    absences=absences_count(judgement.verdict, delta=delta),
                    grace=source.expectations.grace,
                    lost=facts.lost,
                    cursor=gathered.cursor if judgement.verdict is Verdict.COMPLETE else None,
                    delta=delta,
                    removes=judgement.verdict is Verdict.COMPLETE,
                    keep=source.expectations.keep,
                ),
            )
        outcome = _outcome(run_id, source, judgement, read, end, changes)
        if not dry:
            _note(state, outcome, gathered, at, facts.remaining)
        conn.execute("ROLLBACK" if dry else "COMMIT")
    except BaseException:
        if conn.in_transaction:  # a full disk ends the transaction by itself
            conn.execute("ROLLBACK")
        raise
    return outcome


def _outcome(
    run_id: str, source: Source, judgement: Judgement, read: Read, end: fetch.CrawlEnd, changes: Changes
) -> Outcome:
    return Outcome(
        run_id=run_id,
        source_id=source.id,
        level=source.level,
        judgement=judgement,
        fetched=read.tally.services,
        reused=read.reused,
        changes=changes,
        errors=read.tally.errors,
        warnings=read.tally.warnings,
        requests=end.requests,
        received=end.received,
        advice=f'harvester approve {run_id} --because "…"' if judgement.verdict is Verdict.HELD else "",
    )


def _note(state: Database, outcome: Outcome, gathered: Gathered, at: datetime, live: int) -> None:
    """Write down the run and its documents, so that it can be replayed."""
    coverage, changes, read = gathered.coverage, outcome.changes, gathered.read
    state.conn.execute(
        "UPDATE run SET ended_at = ?, verdict = ?, reason = ?, how = ?, expected = ?, requests = ?, bytes = ?, fetched = ?,"
        " created = ?, changed = ?, removed = ?, errors = ?, warnings = ?, unnamed = ?, live = ?, fill = ?, delta = ?, cursor = ?"
        " WHERE id = ?",
        (
            at.isoformat(),
            outcome.verdict,
            outcome.judgement.reason,
            coverage.how if coverage else None,
            coverage.expected if coverage else None,
            outcome.requests,
            outcome.received,
            outcome.fetched,
            changes.created,
            changes.changed,
            changes.removed,
            outcome.errors,
            outcome.warnings,
            read.tally.unnamed,
            live,
            json.dumps(read.fill),
            coverage.delta if coverage else False,
            gathered.cursor,
            outcome.run_id,
        ),
    )
    state.conn.executemany(
        "INSERT INTO run_document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                outcome.run_id,
                n,
                d.url,
                d.role,
                d.note,
                d.sha256,
                d.size,
                d.media_type,
                d.charset,
                d.fetched_at.isoformat(),
            )
            for n, d in enumerate(gathered.documents)
        ),
    )
    complete = outcome.verdict is Verdict.COMPLETE
    state.conn.execute(
        "UPDATE source SET verdict = ?, reason = ?, last_run_at = ?, last_complete_at = iif(?, ?, last_complete_at) WHERE id = ?",
        (outcome.verdict, outcome.judgement.reason, at.isoformat(), complete, at.isoformat(), outcome.source_id),
    )


def _good_runs(state: Database, source_id: str) -> list[GoodRun]:
    """The source's good runs, oldest first; of an event log's runs only the number of services tells anything.

    A run that a person approved is good, and what was usual before it counts no more: approving says that this is normal now.
    """
    rows = state.conn.execute(
        """
        WITH approved AS (SELECT r.id, r.started_at FROM decision d JOIN run r ON r.id = d.subject
                          WHERE d.kind = 'approve' AND r.source_id = ?1)
        SELECT live, iif(delta, '{}', fill) FROM run
        WHERE source_id = ?1 AND live IS NOT NULL AND (verdict = 'complete' OR id IN (SELECT id FROM approved))
          AND started_at >= coalesce((SELECT max(started_at) FROM approved), '')
        ORDER BY started_at, id
        """,
        (source_id,),
    )
    return [GoodRun(row[0], json.loads(row[1] or "{}")) for row in rows.fetchall()]


def cursor_of(state: Database, source: Source) -> str | None:
    """Where the source's event log was read to."""
    row = state.conn.execute("SELECT cursor FROM source WHERE id = ?", (source.id,)).fetchone()
    return row[0] if row else None


def known_tally(state: Database, source_id: str, document: Document, reader: str) -> Tally | None:
    """What a document gave when it was read in this way before; None where its records are not in the state."""
    row = state.conn.execute(
        f"SELECT {TALLY} FROM document WHERE source_id = ? AND url = ? AND sha256 = ? AND role = ? AND note = ? AND reader = ?",
        (source_id, document.url, document.sha256, document.role, document.note, reader),
    ).fetchone()
    return None if row is None else read_tally(row)
