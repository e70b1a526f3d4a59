"""What changed: the change feed by sequence number."""

from __future__ import annotations

import sqlite3
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from harvester.model import Model
from harvester.portal.api.parameters import MOMENT, ArsFilter, Limit, SituationFilter, bare
from harvester.portal.api.problems import AHEAD
from harvester.portal.api.regions import place_of
from harvester.portal.here import Here
from harvester.view.changes import Event, events_since

router = APIRouter(prefix="/events", tags=["events"])


class Events(Model):
    """Events in their order. Ask again with ``since=last``; ``more`` says whether something waits there already."""

    items: tuple[Event, ...]
    last: int
    more: bool


@router.get("", operation_id="listEvents", summary="What changed since an event or a moment", responses=AHEAD)
def list_events(
    here: Here,
    since: Annotated[
        str,
        Query(
            pattern=rf"^([0-9]{{1,15}}|{MOMENT})$",
            description="Number of the last event that is known, or a day or time (UTC, ISO 8601).",
            examples=["0", "2026-11-22"],
        ),
    ] = "0",
    ars: ArsFilter = None,
    situation: SituationFilter = None,
    limit: Limit = 50,
) -> Events:
    """Events after ``since``: of all services and links, or of those that hold in a region or lie in a situation."""
    first = _last_before(here.db, since)
    if ars is not None:
        place_of(here.db, ars)
    found = tuple(islice(events_since(here.db, first, ars=ars, situation=situation), limit + 1))
    items = found[:limit]
    return Events(items=items, last=items[-1].seq if items else first, more=len(found) > limit)


def _last_before(db: sqlite3.Connection, since: str) -> int:
    """The number of the last event before what a reader means."""
    (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    if not since.isdigit():
        (seq,) = db.execute("SELECT coalesce(max(seq), 0) FROM event WHERE at < ?", (bare(since),)).fetchone()
        return int(seq)
    if int(since) > last:
        raise HTTPException(409, f"since: the last event is {last}; who knows more has read another catalogue")
    return int(since)
