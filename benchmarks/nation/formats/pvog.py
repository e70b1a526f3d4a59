"""PVOG's Suchdienst: the bulk CSV of a region and the details of single services."""

from __future__ import annotations

import json
import re
from typing import Any

from benchmarks.nation.links import ways_of
from benchmarks.nation.message import MISSING, Answer, Asked
from benchmarks.nation.nation import Nation
from benchmarks.nation.prose import texts_of
from benchmarks.nation.shelf import Offer, Shelf, offer_of, offers, stamp

_HEADER = "ID-LB|Leikaschlüssel|Name|Name2|Updatedatum|ID-OD|Bezeichnung OD|Links\n"
_DETAIL = re.compile(r"/suchdienst/api/v6/servicedescriptions/[A-Z]\d{6}\.LB\.(?P<number>\d+)/detail")
_NAMES = {"06": "Volltext", "07": "Rechtsgrundlage(n)", "08": "Erforderliche Unterlagen", "09": "Voraussetzungen"}
_NAMES |= {"11": "Verfahrensablauf", "22": "Zuständige Stelle"}
_FIGURES = (("98", "KOSTEN"), ("97", "FRIST"), ("95", "BEARBEITUNGSDAUER"))


def answer(nation: Nation, shelf: Shelf | None, asked: Asked, day: int) -> Answer:
    """The CSV of a region, a detail, or that there is none. ``shelf`` is that of the region asked for."""
    if shelf is None:
        return MISSING
    if asked.path == "/suchdienst/api/v5/servicedescriptions/csv":
        body = _HEADER + "".join(_row(nation, offer) for offer in offers(nation.dice, shelf, day))
        return Answer(body.encode(), "text/csv;charset=UTF-8", etag=stamp(nation.dice, shelf, day))
    found = _DETAIL.fullmatch(asked.path)
    offer = offer_of(nation.dice, shelf, int(found["number"]), day) if found else None
    if offer is None:
        return MISSING
    body = json.dumps(_detail(nation, offer), ensure_ascii=False)
    return Answer(body.encode(), "application/json", etag=f"{offer.slot}-{offer.version}")


def _row(nation: Nation, offer: Offer) -> str:
    way = next((way for way in ways_of(nation, offer) if way.purpose == "apply"), None)
    online = [f"{offer.shelf.agency}.OD.{offer.number}", offer.name, way.url] if way else ["", "", ""]
    fields = [offer.remote_id, offer.key, offer.name, offer.name, "20.01.2025 00:48", *online]
    return "|".join(fields).replace('"', '""') + "\n"


def _detail(nation: Nation, offer: Offer) -> dict[str, Any]:
    texts, ways = texts_of(nation.dice, offer), ways_of(nation, offer)
    further = [way for way in ways if way.purpose != "apply"]
    details = [
        _module(_NAMES[code], text, code, "TEXT_MODUL", further if code == "06" else ())
        for code, text in texts.modules.items()
    ]
    told = (texts.fees, texts.deadline, texts.duration)
    details += [_module(kind, text, code, kind, ()) for (code, kind), text in zip(_FIGURES, told, strict=True)]
    edited = f"2025-{offer.version % 12 + 1:02}-1{offer.slot % 10}T08:00:00Z"
    return {
        "name": offer.name,
        "description": texts.summary,
        "leikakeys": [offer.key] if offer.key else [],
        "id": offer.remote_id,
        "languageCode": "de",
        "ars": [offer.shelf.ars],
        "organisationIds": [],
        "lastUpdate": edited,
        "externalLastUpdate": edited,
        "addressees": ["Bürger"],
        "synonyms": list(texts.synonyms),
        "details": details,
        "onlineServiceLinks": [
            {
                "uri": way.url,
                "title": way.label,
                "id": f"{offer.shelf.agency}.OD.{offer.number}",
                "dynamicParameters": [],
            }
            for way in ways
            if way.purpose == "apply"
        ],
    }


def _module(title: str, text: str, code: str, kind: str, ways: list[Any] | tuple[()]) -> dict[str, Any]:
    return {
        "@type": "_module",
        "filled": True,
        "placeholder": False,
        "title": title,
        "text": text,
        "links": [{"uri": way.url, "title": way.label, "description": ""} for way in ways],
        "code": code,
        "xZufiCategory": kind,
    }
