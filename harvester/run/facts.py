"""Bring together the facts that a run is judged by."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlite_utils import Database

from harvester.model import Coverage, Document, Lost
from harvester.run.judge import Facts, Sight
from harvester.run.presence import count_remaining
from harvester.run.read import Read


def collect_facts(  # noqa: PLR0913 - all that a run has brought together
    state: Database,
    source_id: str,
    read: Read,
    documents: Sequence[Document],
    lost: Sequence[Lost],
    coverage: Coverage | None,
    crawl_errors: Sequence[str],
    *,
    drift: Sequence[str] = (),
) -> Facts:
    """Say what happened in a run whose shard is attached to the state.

    What an event log brings after its first run is no sample of the source: it says nothing about how many services have
    a field, and nothing by what it does not mention. ``drift`` names the fields that tell whether the source has changed.
    """
    delta = coverage is not None and coverage.delta
    counts = count_remaining(state, source_id, absences=not delta)
    return Facts(
        coverage=coverage,
        documents=len(documents) - len(read.broken),
        services=read.tally.services,
        before=counts.before,
        remaining=counts.after,
        unread=read.tally.unread,
        unnamed=read.tally.unnamed,
        absent=counts.absent,
        unnamed_before=_unnamed_before(state, source_id),
        lost=tuple(lost),
        broken=read.broken,
        crawl_errors=tuple(crawl_errors),
        fill={} if delta and counts.before else read.fill,
        drift=() if delta else _drift(state, source_id, read, drift),
    )


def _drift(state: Database, source_id: str, read: Read, fields: Sequence[str]) -> tuple[Sight, ...]:
    """How often the fields were found now and in the last complete run. A page that could not be read has none of them."""
    query = (
        "SELECT fetched, fill FROM run WHERE source_id = ? AND verdict = 'complete' ORDER BY started_at DESC, id DESC"
    )
    row = state.conn.execute(query + " LIMIT 1", (source_id,)).fetchone()
    before_of, shares = (int(row[0] or 0), json.loads(row[1] or "{}")) if row else (0, {})
    found, of = read.tally.filled, read.tally.services + read.tally.unread
    return tuple(
        Sight(
            field=name,
            found=found.get(name, 0),
            of=of,
            before=round(shares[name] * before_of) if name in shares else None,
            before_of=before_of,
        )
        for name in fields
    )


_PATIENCE = 8
"""Runs in a row after which records without an id are nobody new."""


def _unnamed_before(state: Database, source_id: str) -> int:
    """How many records without an id are nobody that is missed.

    Those of the last complete run are: with them everything was there. So are those that eight runs in a row have seen: a
    publisher's slip is mended sooner, and for their sake a source cannot be prevented for ever from removing anything.
    """
    rows = state.conn.execute(
        "SELECT verdict = 'complete', unnamed FROM run WHERE source_id = ? AND verdict IN ('complete', 'partial')"
        " ORDER BY started_at DESC, id DESC LIMIT ?",
        (source_id, _PATIENCE),
    ).fetchall()
    lasting = min(row[1] for row in rows) if len(rows) == _PATIENCE else 0
    last = next((row[1] for row in rows if row[0]), None)
    if last is None:
        query = "SELECT unnamed FROM run WHERE source_id = ? AND verdict = 'complete' ORDER BY started_at DESC, id DESC"
        row = state.conn.execute(query + " LIMIT 1", (source_id,)).fetchone()
        last = row[0] if row else 0
    return max(int(last), int(lasting))
