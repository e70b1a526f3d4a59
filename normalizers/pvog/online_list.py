"""A page of the online services that PVOG knows for a region (``/v1beta2/onlineservices``).

``{totalHits, hits, nextPageToken, onlineservices: [{id, name, links: [{uri}], serviceDescriptions: [{id, ars}]}]}``: each
entry is an online service, and the services it serves in the region that was asked for. The interface is a beta of the
Suchdienst; assumed is that a service description bears its identifier.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harvester.model import (
    Competence,
    Context,
    Document,
    DocumentError,
    Found,
    LinkRole,
    OnlineService,
    Reading,
    clean_line,
)
from harvester.model.provenance import Trace, origin
from normalizers.link_list import LinkList
from normalizers.loose_json import Object, items, kind, load_object, text
from normalizers.notes import Notes
from normalizers.record import make

_PAGE = frozenset({"totalHits", "hits", "nextPageToken", "onlineservices"})
_ONLINE = frozenset({"id", "name", "links", "serviceDescriptions"})
_LINK = frozenset({"uri", "title", "description", "languageCode"})
_SERVED = frozenset({"id", "name", "title", "ars", "leikakeys"})


def load_page(document: Document) -> Object:
    """The page as an object with its list; anything else is a ``DocumentError``."""
    page = load_object(document)
    if not isinstance(page.get("onlineservices"), list):
        found = kind(page.get("onlineservices"))
        raise DocumentError(f"The page of online services has {found} for 'onlineservices', where a list belongs.")
    return page


def read_online_list(document: Document, context: Context) -> Iterator[Reading]:
    """Read each online service, then what it serves."""
    page = load_page(document)
    notes = Notes("pvog")
    notes.unknown("a page of online services", page, _PAGE, "")
    for place, entry in items(page["onlineservices"], "/onlineservices"):
        if isinstance(entry, dict):
            yield from _read(entry, place, context, notes)
        else:
            notes.error("online-service", place, f"There is {kind(entry)} where an online service belongs.")
        yield from notes.take()
    yield from notes.take()


def _read(entry: Object, place: str, context: Context, notes: Notes) -> Iterator[Found]:
    notes.unknown("a listed online service", entry, _ONLINE, place)
    remote_id = clean_line(text(entry.get("id")))
    if not remote_id:
        notes.error("no-id", f"{place}/id", "The online service has no identifier and was not read.")
        return
    for field in ("links", "serviceDescriptions"):
        if field not in entry:
            message = f"The online service has no field {field!r}."
            notes.warning("missing-field", f"{place}/{field}", message, remote_id)
    record = _record(entry, place, remote_id, context, notes)
    if record is None:
        return
    yield record
    served: set[str] = set()
    for where, description in items(entry.get("serviceDescriptions"), f"{place}/serviceDescriptions"):
        competence = _competence(description, where, remote_id, context, notes)
        if competence is not None and competence.record.remote_id not in served:
            served.add(competence.record.remote_id)
            yield competence


def _record(entry: Object, place: str, remote_id: str, context: Context, notes: Notes) -> Found | None:
    title = clean_line(text(entry.get("name")))
    trace: Trace = {
        "remote_id": origin("id", "pvog.online-id"),
        "title": origin("name" if title else "id", "pvog.online-title"),
    }
    if not title:
        message = "The online service has no name; its identifier stands in."
        notes.warning("no-title", f"{place}/name", message, remote_id)
    links = LinkList(notes, trace, remote_id, context.options.language, place)
    for where, link in items(entry.get("links"), "links"):
        known: dict[str, Any] = link if isinstance(link, dict) else {"uri": link}
        notes.unknown("a link of an online service", known, _LINK, links.place(where))
        place_of = f"{where}/uri" if isinstance(link, dict) else where
        links.add(
            text(known.get("uri")), LinkRole.APPLY, place_of, "pvog.online-link", label=title, online_service=remote_id
        )
    fields = {"remote_id": remote_id, "title": title or remote_id, "links": links.links, "provenance": trace}
    return make(notes, OnlineService, place, fields)


def _competence(description: object, place: str, online: str, context: Context, notes: Notes) -> Found | None:
    if not isinstance(description, dict):
        notes.warning("served", place, f"There is {kind(description)} where a service belongs.", online)
        return None
    notes.unknown("a served service", description, _SERVED, place)
    service = clean_line(text(description.get("id")))
    if not service:
        notes.warning("missing-field", f"{place}/id", "The service that is served has no identifier.", online)
        return None
    trace: Trace = {
        name: origin("id", f"pvog.{rule}")
        for name, rule in (
            ("remote_id", "competence-id"),
            ("service", "served-service"),
            ("online_service", "online-id"),
            ("regions", "asked-region"),
        )
    }
    fields = {
        "remote_id": f"{online}.ZS.{service}",
        "service": service,
        "online_service": online,
        "regions": (context.region,),
        "provenance": trace,
    }
    return make(notes, Competence, place, fields)
