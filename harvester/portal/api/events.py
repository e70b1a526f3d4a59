"""What changed: the change feed by sequence number."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from harvester.errors import UsageError
from harvester.model import Model
from harvester.portal.api.parameters import ArsFilter, Limit, SituationFilter
from harvester.portal.api.regions import place_of
from harvester.portal.here import Here
from harvester.view.changes import Event, events_since, read_since

router = APIRouter(prefix="/events", tags=["events"])


class Events(Model):
    """Events in their order. Ask again with ``since=last``; ``more`` says whether something waits there already."""

    items: tuple[Event, ...]
    last: int
    more: bool


@router.get("", operation_id="listEvents", summary="What changed since an event or a moment")
def list_events(
    here: Here,
    since: Annotated[
        str,
        Query(
            max_length=40,
            description="Number of the last event that is known, or a day or time (UTC, ISO 8601).",
            examples=["0", "2026-11-22"],
        ),
    ] = "0",
    ars: ArsFilter = None,
    situation: SituationFilter = None,
    limit: Limit = 50,
) -> Events:
    """Events after ``since``: of all services and links, or of those that hold in a region or lie in a situation."""
    try:
        first = read_since(here.db, since)
    except UsageError as error:
        raise HTTPException(400, f"since: {error}") from error
    if ars is not None:
        place_of(here.db, ars)
    found = tuple(islice(events_since(here.db, first, ars=ars, situation=situation), limit + 1))
    items = found[:limit]
    return Events(items=items, last=items[-1].seq if items else first, more=len(found) > limit)
