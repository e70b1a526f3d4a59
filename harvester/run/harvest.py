"""Harvest one source: crawl, read, judge, fold. The whole of a run in one function."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from sqlite_utils import Database

from harvester import fetch
from harvester.log import bound, log_of
from harvester.model import Coverage, Cursor, Document, Lost
from harvester.registry import Source
from harvester.run.facts import collect_facts
from harvester.run.fold import Changes, Fold, absences_count, attached, fold
from harvester.run.held import drop_stale_shards, shard_of
from harvester.run.judge import Judgement, Verdict, judge
from harvester.run.learn import GoodRun, learn
from harvester.run.outcome import Outcome
from harvester.run.progress import Meter, Progress, Stage
from harvester.run.read import Read, read_documents
from harvester.run.spider import load_spider
from harvester.state import Shard
from harvester.state.lease import BusyError

Clock: TypeAlias = Callable[[], datetime]


@dataclass
class _Haul:
    """What the spider has yielded so far."""

    meter: Meter
    documents: list[Document] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    coverage: Coverage | None = None
    cursor: str | None = None

    def take(self, item: object) -> None:
        match item:
            case Document():
                self.documents.append(item)
                self.meter.count_document()
            case Lost():
                self.lost.append(item)
            case Coverage():
                self.coverage = item
            case Cursor(value):
                self.cursor = value
            case _:
                message = f"a spider yielded a {type(item).__name__}, which nobody here knows"
                raise TypeError(message)


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
    meter.enter(Stage.FETCHING)
    haul = _Haul(meter)
    end = await fetch.crawl(
        load_spider(source.spoken),
        source=source,
        cursor=_cursor(state, source),
        fetcher=fetcher,
        on_item=haul.take,
        robots=source.spoken.robots,
    )
    shard_file = shard_of(runs, run_id)
    delta = haul.coverage is not None and haul.coverage.delta
    keep = False
    try:
        meter.enter(Stage.READING)
        with Shard(shard_file) as shard:
            read = read_documents(source, haul.documents, shard, state, delta=delta, on_records=meter.count_records)
        meter.enter(Stage.JUDGING)
        with attached(state, shard_file):
            outcome = _settle(state, source, run_id, haul, read, end, clock(), dry=dry)
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


def _settle(  # noqa: PLR0913 - all that a run has brought together
    state: Database,
    source: Source,
    run_id: str,
    haul: _Haul,
    read: Read,
    end: fetch.CrawlEnd,
    at: datetime,
    *,
    dry: bool,
) -> Outcome:
    """Judge what was read and take it over, in one transaction."""
    delta = haul.coverage is not None and haul.coverage.delta
    conn = state.conn
    conn.execute("BEGIN IMMEDIATE")
    try:
        if not dry and conn.execute("SELECT verdict FROM run WHERE id = ?", (run_id,)).fetchone()[0] is not None:
            raise BusyError(f"{source.id} was taken over by another process; nothing of this run counts")  # noqa: TRY301 - the rollback below is wanted
        errors = end.errors or (() if end.reason == "finished" else (f"it ended early: {end.reason}",))
        facts = collect_facts(
            state, source.id, read, haul.documents, haul.lost, haul.coverage, errors, drift=source.spoken.drift
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
                    cursor=haul.cursor if judgement.verdict is Verdict.COMPLETE else None,
                    delta=delta,
                    removes=judgement.verdict is Verdict.COMPLETE,
                    keep=source.expectations.keep,
                ),
            )
        outcome = _outcome(run_id, source, judgement, read, end, changes)
        if not dry:
            _note(state, outcome, haul, at, read, facts.remaining)
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


def _note(state: Database, outcome: Outcome, haul: _Haul, at: datetime, read: Read, live: int) -> None:
    """Write down the run and its documents, so that it can be replayed."""
    coverage, changes = haul.coverage, outcome.changes
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
            haul.cursor,
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
            for n, d in enumerate(haul.documents)
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


def _cursor(state: Database, source: Source) -> str | None:
    row = state.conn.execute("SELECT cursor FROM source WHERE id = ?", (source.id,)).fetchone()
    return row[0] if row else None
