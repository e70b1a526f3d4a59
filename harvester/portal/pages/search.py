"""Search: what people type, the services they mean, and „Meinten Sie …?“."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from harvester.catalogue.query import read_question
from harvester.catalogue.search import find
from harvester.portal.pages.listing import list_items, page_number
from harvester.portal.pages.render import render
from harvester.portal.pages.where import At, Where
from harvester.portal.shelf import Item

router = APIRouter(prefix="/{place}")
_MOST = 90
_LONGEST = 200
_BEYOND = 10


@router.get("/suche")
def show_found(at: At, q: str = "", seite: str | None = None) -> Response:
    """The services that a text asks for, the likeliest first; where none is here, those of other places."""
    text = " ".join(q.split())[:_LONGEST]
    question = read_question(at.here.db, text)
    items = _find(at, text) if text else []
    listing = list_items(at, items, page_number(seite))
    beyond = find(at.here.db, question, None, None, _BEYOND) if text and not items else []
    return render("search", at, text=text, meant=question.meant, listing=listing, beyond=beyond)


def _find(at: Where, text: str) -> list[Item]:
    """What holds here, as the place shows it: of each service once, for the audience."""
    question = read_question(at.here.db, text)
    found: dict[str, Item] = {}
    for body in at.bodies if len(at.bodies) > 1 else at.bodies[:1]:
        for hit in find(at.here.db, question, body.ars, None, _MOST):
            item = at.shelf.find(hit.service_id)
            if item and (at.audience is None or at.audience in item.audience):
                found.setdefault(item.shown.key, item)
    return list(found.values())
