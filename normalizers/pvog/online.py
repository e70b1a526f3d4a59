"""The online services of a PVOG detail: ``onlineServiceLinks[]``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harvester.model import Found, Link, LinkRole, OnlineService, clean_line
from harvester.model.provenance import Trace, origin
from normalizers.language import read_language
from normalizers.link_list import LinkList
from normalizers.loose_json import Object, items, kind, text
from normalizers.notes import Notes
from normalizers.pvog.modules import read_link
from normalizers.record import make

_ONLINE = frozenset(
    {
        "uri",
        "title",
        "id",
        "replace",
        "dynamicParameters",
        "validFrom",
        "validTo",
        "validityPeriods",
        "executionLanguages",
        "executionNationalities",
        "levelOfConfidence",
        "identificationMethods",
        "paymentMethods",
        "helpLinks",
        "description",
    }
)
_SOURCES = {
    "trust_level": "levelOfConfidence",
    "identification": "identificationMethods",
    "payment": "paymentMethods",
    "languages": "executionLanguages",
}


def read_online_services(value: object, pointer: str, links: LinkList, notes: Notes, language: str) -> Iterator[Found]:
    """Add the links of online services to a service's own, and give the online services that have an identifier."""
    for place, found in items(value, pointer):
        if not isinstance(found, dict):
            notes.warning("online-service", place, f"There is {kind(found)} where an online service belongs.")
            continue
        notes.unknown("an online service", found, _ONLINE, place)
        remote_id = clean_line(text(found.get("id")))
        link = links.add(
            text(found.get("uri")),
            LinkRole.APPLY,
            f"{place}/uri",
            "pvog.online-link",
            label=text(found.get("title")),
            online_service=remote_id or None,
            gaps=bool(found.get("dynamicParameters")),
        )
        if remote_id:
            record = _record(found, place, remote_id, link, notes, language)
            if record:
                yield record


def _record(found: Object, place: str, remote_id: str, link: Link | None, notes: Notes, language: str) -> Found | None:
    title = clean_line(text(found.get("title")))
    trace: Trace = {
        "remote_id": origin("id", "pvog.online-id"),
        "title": origin("title" if title else "id", "pvog.online-title"),
    }
    if not title:
        message = "The online service has no name; its identifier stands in."
        notes.warning("no-title", f"{place}/title", message, remote_id)
    links = LinkList(notes, trace, remote_id, language, place)
    if link:
        links.put(link.model_copy(update={"online_service": remote_id, "label": title}), "uri", "pvog.online-link")
    for help_place, help_link in items(found.get("helpLinks"), "helpLinks"):
        read_link(help_link, help_place, LinkRole.INFORMATION, links, notes)
    fields: dict[str, Any] = {
        "remote_id": remote_id,
        "title": title or remote_id,
        "links": links.links,
        "trust_level": clean_line(text(found.get("levelOfConfidence"))),
        "identification": _names(found.get("identificationMethods")),
        "payment": _names(found.get("paymentMethods")),
        "languages": tuple(read_language(name, name) for name in _names(found.get("executionLanguages"))),
        "provenance": trace,
    }
    for field, key in _SOURCES.items():
        if fields[field]:
            trace[field] = origin(key, f"pvog.online-{field.replace('_', '-')}")
    return make(notes, OnlineService, place, fields)


def _names(value: object) -> tuple[str, ...]:
    """Names in a list, of plain texts or of objects with a code; line breaks inside names are an accident upstream."""
    found: dict[str, None] = {}
    for _, element in items(value, ""):
        if isinstance(element, dict):
            element = element.get("name") or element.get("title") or element.get("code")  # noqa: PLW2901 - unwrapped
        name = clean_line(text(element))
        if name:
            found[name] = None
    return tuple(found)
