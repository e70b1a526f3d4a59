"""What is new: the change feed as citizens notice it, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import Response

from harvester.portal.pages.render import render
from harvester.portal.pages.where import At, Where
from harvester.view.changes import Event, events_since
from harvester.view.words import Piece, compare_words

router = APIRouter(prefix="/{place}")
_LOOKED_AT = 5_000
"""Events that are looked at: those of a region are found without reading the whole of a country's."""
_SHOWN = 60
_MANY = 12
"""So many new services on one day are told as a number."""


@dataclass(frozen=True, slots=True)
class News:
    """An event with what changed word by word; ``slug`` leads to the service, where it is still there."""

    event: Event
    slug: str | None
    words: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The news of a day (UTC); ``created`` counts new services that are too many to be told one by one."""

    date: str
    news: tuple[News, ...]
    created: int


@router.get("/neu")
def show_news(at: At) -> Response:
    """The last changes of services that hold in the place."""
    (last,) = at.here.db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    shelf = at.shelf
    bodies = {body.ars for body in at.bodies}
    above = bodies | {
        row[0]
        for ars in bodies
        for row in at.here.db.execute("SELECT ancestor_ars FROM region_ancestor WHERE ars = ?", (ars,))
    }
    found = [
        event
        for event in events_since(at.here.db, max(last - _LOOKED_AT, 0), newest=_LOOKED_AT)
        if event.entity == "service" and (shelf.find(event.entity_id) or not above.isdisjoint(event.regions))
    ]
    days = [_day(at, date, list(events)) for date, events in groupby(found, key=lambda event: event.at[:10])]
    return render("news", at, days=days[:14])


def _day(at: Where, date: str, events: list[Event]) -> Day:
    created = [event for event in events if event.kind == "created"]
    told = [event for event in events if event.kind != "created"] if len(created) > _MANY else events
    shelf = at.shelf
    news = []
    for event in told[:_SHOWN]:
        item = shelf.find(event.entity_id)
        slug = (
            next((entry.slug for entry in item.descriptions if entry.service_id == event.entity_id), None)
            if item
            else None
        )
        words = compare_words(event.old or "", event.new or "") if event.module else ()
        news.append(News(event, slug, words))
    return Day(date, tuple(news), len(created) if len(created) > _MANY else 0)
