"""Berlin's dialect: {created, datacount, locale, hash, error, data[]}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from federation.content import Content
from federation.dldb.record import authority, fingerprint, generated, links, spoiled
from federation.http import Response, json_response
from federation.leistung import Leistung, Prose
from federation.prose import html


def files(content: Content, day: int) -> Mapping[str, Response]:
    """The one document, with a byte order mark in front."""
    data = [spoiled(_record(content, item), item) for item in content.services(day)]
    whole = {
        "created": generated(content, day),
        "datacount": len(data),
        "locale": "de",
        "hash": fingerprint(data),
        "error": False,
        "data": data,
    }
    return {content.endpoint.path: json_response(whole, bom=True)}


def _record(content: Content, item: Leistung) -> dict[str, Any]:
    form = item.online[0] if item.online else None
    online = {"description": form.title, "link": form.url} if form else {"description": False, "link": False}
    office = next(o for o in content.organisations if o.id == item.org)
    record: dict[str, Any] = {
        "id": item.id,
        "name": item.title,
        "description": html(item.text),
        "fees": html(item.fee),
        "process_time": html(item.duration),
        "requirements": _named(item.documents),
        "prerequisites": _named(item.requirements),
        "forms": [],
        "authorities": [authority(content)],
        "locations": [{"location": office.id, "url": office.url, "appointment": {"link": False, "allowed": False}}],
        "legal": [{"name": law, "link": False, "description": False} for law in _list(item.legal)],
        "links": links(item.links),
        "onlineprocessing": online,
        "appointment": {"link": False},
        "responsibility": html(item.office) or False,
        "responsibility_all": True,
        "leika": item.keys[0] if item.keys else None,
    }
    meta = {
        "lastupdate": item.edited,
        "url": f"{content.endpoint.scheme}://{content.endpoint.netloc}/info/dienstleistung/{item.id}/",
        "locale": item.language,
        "keywords": ", ".join(item.synonyms),
        "id": item.id,
        "hash": fingerprint(record),
        "translated": item.language != "de",
    }
    return {**record, "meta": meta}


def _list(prose: Prose) -> list[str]:
    return prose if isinstance(prose, list) else [prose] if prose else []


def _named(prose: Prose) -> list[dict[str, Any]]:
    return [{"name": line, "description": "", "link": False} for line in _list(prose)]
