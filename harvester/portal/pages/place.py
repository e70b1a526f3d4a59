"""The place chooser: all places that may be meant are offered, none is guessed."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from harvester.portal.pages.render import render
from harvester.portal.pages.where import Nowhere
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
def choose_place(at: Nowhere, q: str = "", back: str = "", suche: str = "") -> Response:
    """Places by name or postal code; without a question those of the portal."""
    text = " ".join(q.split())[:_LONGEST]
    here = at.here
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
        own=[Choice(place, "", "") for place in at.bodies],
    )


def _around(db: sqlite3.Connection, ars: str) -> str:
    rows = db.execute(
        "SELECT r.name FROM region_ancestor a JOIN region r ON r.ars = a.ancestor_ars WHERE a.ars = ? AND a.distance > 0"
        " AND r.kind <> 'Bund' ORDER BY a.distance",
        (ars,),
    )
    return ", ".join(dict.fromkeys(row["name"] for row in rows if not any(sign.isdigit() for sign in row["name"])))
