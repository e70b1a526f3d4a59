"""Search: what people type, the services they mean, and „Meinten Sie …?“."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from harvester.catalogue.german import stems_of
from harvester.catalogue.query import Question, read_question
from harvester.catalogue.search import find
from harvester.portal.pages.listing import list_items, page_number
from harvester.portal.pages.render import render
from harvester.portal.pages.where import At, Where
from harvester.portal.shelf import Item
from harvester.portal.situations import Situation

router = APIRouter(prefix="/{place}")
_MOST = 90
_LONGEST = 200
_BEYOND = 10
_NAMED = 3


@router.get("/suche")
def show_found(at: At, q: str = "", seite: str | None = None) -> Response:
    """The services that a text asks for, the likeliest first; where none is here, those of other places."""
    text = " ".join(q.split())[:_LONGEST]
    question = read_question(at.here.db, text)
    items = _find(at, question) if text else []
    listing = list_items(at, items, page_number(seite))
    beyond = find(at.here.db, question, None, None, _BEYOND) if text and not items else []
    return render(
        "search", at, text=text, meant=question.meant, listing=listing, beyond=beyond, named=_named(at, question)
    )


def _named(at: Where, question: Question) -> list[Situation]:
    """Situations of the portal whose names say what is asked for: „Wohnen & Umzug“ for „ich ziehe um“."""
    asked = {stem for ask in question.asks if not ask.weak for sense in ask.senses[:1] for stem in sense.stems}
    found = []
    for situation in at.situations.by_id.values():
        named = asked.intersection(stems_of(situation.name)) and at.situations.tile_of(situation.id)
        if named and at.shelf.pick([situation.id], at.audience):
            found.append(situation)
    return found[:_NAMED]


def _find(at: Where, question: Question) -> list[Item]:
    """What holds here, as the place shows it: of each service once, for the audience."""
    found: dict[str, Item] = {}
    for body in at.bodies if len(at.bodies) > 1 else at.bodies[:1]:
        for hit in find(at.here.db, question, body.ars, None, _MOST):
            item = at.shelf.find(hit.service_id)
            if item and (at.audience is None or at.audience in item.audience):
                found.setdefault(item.shown.key, item)
    return list(found.values())
