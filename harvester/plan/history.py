"""What the state remembers that a plan is made of: runs of sources, and links that wait. Only reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from harvester.links.schedule import HEALTHY, SUSPECT

LAST = 5
"""Complete runs of a source that are looked at."""
_SAMPLE = 20_000
"""Observations of links that say how many requests a look takes."""


class PastRun(NamedTuple):
    """A complete run: its requests and how long it took."""

    requests: int
    seconds: float


class Past(NamedTuple):
    """The last complete runs of a source, the newest first."""

    runs: tuple[PastRun, ...] = ()


class Waiting(NamedTuple):
    """Links of a registrable domain that are to be looked at from a moment on, and then again every ``wait``."""

    domain: str
    at: datetime
    wait: timedelta
    links: int


@dataclass(frozen=True)
class History:
    """All of it. ``services`` is how many the state has; ``requests_per_link`` is None where no link was looked at yet."""

    past: dict[str, Past] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    services: int = 0
    requests_per_link: float | None = None


def read_history(conn: sqlite3.Connection, sources: Iterable[str], now: datetime) -> History:
    """Read it from a state."""
    past = {source_id: Past(tuple(_runs(conn, source_id))) for source_id in sources}
    services = conn.execute(
        "SELECT coalesce(sum(live), 0) FROM (SELECT live, max(started_at) FROM run WHERE live IS NOT NULL GROUP BY source_id)"
    ).fetchone()[0]
    attempts, looks = conn.execute(
        "SELECT count(*), coalesce(sum(decisive), 0) FROM (SELECT decisive FROM link_observation ORDER BY id DESC LIMIT ?)",
        (_SAMPLE,),
    ).fetchone()
    return History(past, list(_waiting(conn, now)), int(services), attempts / looks if looks else None)


def _runs(conn: sqlite3.Connection, source_id: str) -> Iterable[PastRun]:
    rows = conn.execute(
        "SELECT requests, started_at, ended_at FROM run WHERE source_id = ? AND verdict = 'complete' AND ended_at IS NOT NULL"
        " ORDER BY started_at DESC, id DESC LIMIT ?",
        (source_id, LAST),
    )
    for requests, started, ended in rows:
        seconds = (datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds()
        yield PastRun(requests, max(seconds, 0.0))


def _waiting(conn: sqlite3.Connection, now: datetime) -> Iterable[Waiting]:
    """Counted in SQL by domain, hour and how often they are looked at: as many rows as a week needs, not as there are links."""
    rows = conn.execute(
        "SELECT domain, CASE WHEN next_at IS NULL OR next_at <= ? THEN '' ELSE substr(next_at, 1, 13) END AS hour,"
        f" CASE WHEN state IN ('suspect', 'dead') THEN min(failures, {len(SUSPECT)}) ELSE -min(streak, {len(HEALTHY)}) END AS rung,"
        " count(*) FROM link WHERE removed_at IS NULL AND host <> '' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        (now.isoformat(),),
    )
    for domain, hour, rung, links in rows:
        at = now if not hour else datetime.fromisoformat(f"{hour}:00:00+00:00") + timedelta(hours=1)
        yield Waiting(domain, at, _wait(rung), links)


def _wait(rung: int) -> timedelta:
    """How long after its next look a link waits for the one after, if it is then as it is now (``links/schedule.py``)."""
    if rung > 0:
        return SUSPECT[min(rung, len(SUSPECT) - 1)]
    return HEALTHY[min(-rung, len(HEALTHY) - 1)]
