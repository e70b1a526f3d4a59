"""Munich's dialect: {data[], meta}.

One HTML description per service, and addresses with an unresolved `{serviceId}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation.content import Content
from federation.dldb.record import authority, fingerprint, generated, links, spoiled
from federation.http import Response, json_response
from federation.leistung import Leistung
from federation.prose import html


def files(content: Content, day: int) -> Mapping[str, Response]:
    """The one document."""
    data = [spoiled(_record(content, item), item) for item in content.services(day)]
    meta = {
        "generated": generated(content, day).rstrip("Z"),
        "datacount": len(data),
        "hash": fingerprint(data),
    }
    return {content.endpoint.path: json_response({"data": data, "meta": meta})}


def _record(content: Content, item: Leistung) -> dict[str, Any]:
    base = f"{content.endpoint.scheme}://{content.endpoint.netloc}"
    appointment = f"{base}/info/termin/"
    forms = [(online.title, online.url) for online in item.online]
    record: dict[str, Any] = {
        "id": item.id,
        "name": item.title,
        "description": _description(item),
        "leika": item.keys[0] if item.keys else None,
        "authorities": [authority(content)],
        "appointment": {"link": appointment},
        "combinable": [int(item.id)],
        "duration": 15,
        "forms": links(forms),
        "links": links([*forms, *item.links]),
        "locations": [_location(content, item, appointment)],
        "maxQuantity": 1,
        "public": True,
        "showOnStartPage": False,
        "meta": {
            "lastupdate": item.edited.rstrip("Z"),
            "url": f"{base}/info/buergerservice/{{serviceId}}",
            "locale": item.language,
            "keywords": ", ".join(item.synonyms),
            "translated": True,
            "hash": "",
            "id": item.id,
        },
    }
    if item.fee:
        record["fees"] = html(item.fee)
    return record


def _description(item: Leistung) -> str:
    """Munich keeps everything but the fees in one text, with headings."""
    parts = [html(item.text)]
    for heading, prose in (
        ("Voraussetzungen", item.requirements),
        ("Benötigte Unterlagen", item.documents),
        ("Ablauf", item.procedure),
        ("Fristen", item.deadline),
        ("Dauer", item.duration),
        ("Rechtliche Grundlagen", item.legal),
    ):
        if prose:
            parts.append(f"<h3>{heading}</h3>{html(prose)}")
    return "".join(parts)


def _location(content: Content, item: Leistung, appointment: str) -> dict[str, Any]:
    return {
        "location": item.org,
        "authority": authority(content),
        "url": appointment,
        "appointment": {
            "link": appointment,
            "allowed": True,
            "external": False,
            "multiple": "1",
            "slots": "0",
        },
        "hint": False,
        "responsibility": None,
        "responsibility_hint": None,
    }
