"""The place chooser: all places that may be meant are offered, none is guessed."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from harvester.portal.here import Here, Told
from harvester.portal.pages.render import render
from harvester.portal.pages.where import ALL, Where, language_of, regions_of, title_of
from harvester.portal.shelf import Audience
from harvester.view.place import Place, find_places, near_places

router = APIRouter()
_LONGEST = 100
_BACK = re.compile(r"(?:(?:lage|leistung)/[\w:.-]{1,200}|suche|neu)?", re.ASCII)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that may be meant; ``inside`` is the region around it that tells it from others of its name."""

    place: Place
    inside: str
    because: str


@router.get("/ort")
def choose_place(
    request: Request, here: Here, told: Told, q: str = "", back: str = "", suche: str = "", zielgruppe: str = "", editor: str = ""
) -> Response:
    """Places by name or postal code; without a question those of the portal."""
    text = " ".join(q.split())[:_LONGEST]
    audience: Audience | None = "citizen" if zielgruppe == "citizen" else "business" if zielgruppe == "business" else None
    own = regions_of(here, told.portal)
    at = Where(
        here=here,
        portal=told.portal,
        portal_title=title_of(here, told.portal),
        language=language_of(request),
        place=ALL,
        bodies=own,
        audience=audience,
        editor=editor == "1",
        path="ort",
        asked=tuple((name, value) for name, value in (("q", text), ("back", back), ("suche", suche)) if value),
        placed=False,
    )
    found = find_places(here.db, text) if text else []
    near = near_places(here.db, text) if text and not found else []
    choices = [Choice(one.place, _around(here.db, one.place.ars), one.because) for one in found[:_SHOWN]]
    return render(
        "place",
        at,
        text=text,
        back=back if _BACK.fullmatch(back) else "",
        asked=" ".join(suche.split())[:200],
        choices=choices,
        near=[Choice(place, _around(here.db, place.ars), "") for place in near[:_SHOWN]],
        own=[Choice(place, "", "") for place in own],
    )


def _around(db: sqlite3.Connection, ars: str) -> str:
    rows = db.execute(
        "SELECT r.name FROM region_ancestor a JOIN region r ON r.ars = a.ancestor_ars WHERE a.ars = ? AND a.distance > 0"
        " AND r.kind <> 'Bund' ORDER BY a.distance",
        (ars,),
    )
    return ", ".join(row["name"] for row in rows)
