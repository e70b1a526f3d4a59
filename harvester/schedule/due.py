"""What is due, and what of it may begin now.

Nothing is remembered for it but the runs themselves: a source is due when its last slot has no run that began in it or
after it. So the scheduler, a second one, cron and people never disagree, whoever was there first. A run that was
interrupted (a stop, a crash, a full disk) does not count, and its slot is tried again later; but not for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from harvester.registry import Source
from harvester.schedule.night import Night
from harvester.schedule.slots import last_slot, trigger_of
from harvester.state.lease import find

TRIES = 3
"""Interrupted runs of one slot after which the slot counts as served: something is wrong that a fourth will not mend."""

TOO_LONG = "it took longer than"
"""What the reason of a run says that was stopped for its time (``[run] seconds``)."""

REST = timedelta(minutes=10)
"""Time between an interrupted run and the next try."""


@dataclass(frozen=True, slots=True)
class Due:
    """A source whose last slot nobody has served. ``fresh``: it was never harvested; ``stuck``: its last run took too long."""

    source: Source
    slot: datetime
    fresh: bool = False
    stuck: bool = False


def find_due(state: Database, sources: Iterable[Source], now: datetime) -> list[Due]:
    """The sources that are due, those whose slot is oldest first."""
    found = [due for source in sources if (due := due_of(state, source, now))]
    return sorted(found, key=lambda due: (due.slot, due.source.id))


def due_of(state: Database, source: Source, now: datetime) -> Due | None:
    """The source's last slot if it is to be served now."""
    slot = last_slot(trigger_of(source), now)
    if slot is None:
        return None
    rows = state.conn.execute(
        "SELECT started_at, ended_at, verdict, interrupted, reason FROM run WHERE source_id = ? ORDER BY started_at DESC, id DESC"
        " LIMIT ?",
        (source.id, TRIES),
    ).fetchall()
    for tries, (started, ended, verdict, broken, _) in enumerate(rows, start=1):
        if datetime.fromisoformat(started) < slot:
            break
        if verdict is None and not _is_lost(state, source.id, now):
            return None  # it is under way
        if verdict is not None and not broken:
            return None
        if tries >= TRIES or (ended and now - datetime.fromisoformat(ended) < REST):
            return None
    return Due(source, slot, fresh=not rows, stuck=bool(rows) and TOO_LONG in (rows[0][4] or ""))


def _is_lost(state: Database, source_id: str, now: datetime) -> bool:
    """Whether the process of an open run is gone: no lease, or one that anybody may take."""
    lease = find(state.conn, f"source:{source_id}")
    return lease is None or lease.is_lost(now)


def may_begin(due: Sequence[Due], now: datetime, *, grace: float, night: Night | None) -> list[Due]:
    """Those that may begin now: slots of a moment ago, and older ones at night, so that nothing piles up by day.

    A source that by its line is harvested by day is made up for by day as well.
    """
    if night is None or night.holds(now):
        return list(due)
    return [d for d in due if now - d.slot <= timedelta(seconds=grace) or not night.holds(d.slot)]
