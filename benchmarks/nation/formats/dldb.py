"""A Dienstleistungsdatenbank in Berlin's dialect: one JSON document of all services."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.nation.links import home_of, ways_of
from benchmarks.nation.message import Answer
from benchmarks.nation.nation import Nation
from benchmarks.nation.prose import texts_of
from benchmarks.nation.shelf import Offer, Shelf, offers, stamp


def answer(nation: Nation, shelf: Shelf, day: int) -> Answer:
    """The whole export."""
    return Answer(_parts(nation, shelf, day), "application/json", etag=stamp(nation.dice, shelf, day))


def _parts(nation: Nation, shelf: Shelf, day: int) -> Iterator[bytes]:
    found = offers(nation.dice, shelf, day)
    hashed = stamp(nation.dice, shelf, day)
    head = {"created": "2026-01-15T04:00:00Z", "datacount": len(found), "locale": "de", "hash": hashed, "error": False}
    yield json.dumps(head)[:-1].encode() + b', "data": ['
    for place, offer in enumerate(found):
        yield (b",\n" if place else b"\n") + json.dumps(_record(nation, offer), ensure_ascii=False).encode()
    yield b"]}\n"


def _record(nation: Nation, offer: Offer) -> dict[str, Any]:
    texts, ways = texts_of(nation.dice, offer), ways_of(nation, offer)
    online = next((way for way in ways if way.purpose == "apply"), None)
    further = [way for way in ways if way.purpose != "apply"]
    number = str(offer.number)
    return {
        "id": number,
        "name": offer.name,
        "description": texts.modules["06"],
        "fees": texts.fees,
        "process_time": texts.duration,
        "requirements": _named(texts.modules.get("08", "")),
        "prerequisites": _named(texts.modules.get("09", "")),
        "forms": [],
        "authorities": [],
        "locations": [],
        "legal": _named(texts.modules.get("07", "")),
        "links": [{"name": way.label, "link": way.url, "description": False} for way in further],
        "onlineprocessing": {"description": online.label, "link": online.url}
        if online
        else {"description": False, "link": False},
        "appointment": {"link": False},
        "responsibility": texts.modules["22"],
        "responsibility_all": True,
        "leika": offer.key or None,
        "meta": {
            "lastupdate": "2025-01-10T08:00:00Z",
            "url": nation.url(home_of(offer.shelf.ars, offer.shelf.base), f"/info/dienstleistung/{number}/"),
            "locale": "de",
            "keywords": ", ".join(texts.synonyms),
            "id": number,
            "hash": f"{offer.slot}-{offer.version}",
            "translated": False,
        },
    }


def _named(html: str) -> list[dict[str, Any]]:
    return [{"name": "Hinweise", "description": html, "link": False}] if html else []
