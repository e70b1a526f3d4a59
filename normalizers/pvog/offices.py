"""Who is competent: PVOG's list of offices for a service in a region, and what it tells of one office.

The list (``/v2/organisationunits/titles``) is an array of ``{id, title, role}``; it names neither the service nor the
region that were asked for. The office (``/v5/organisationunits/detail``) has its addresses and channels under
``location``. Assumed, since no document promises it: role 03 is the Ansprechpunkt and every other code a competent
office; ``communications[].code`` is the XZuFi channel; persons are not in the answer, and would not be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from harvester.model import Competence, Context, Document, DocumentError, Found, Organisation, Reading, clean_line
from harvester.model.provenance import Trace, origin
from normalizers.address import clean_address
from normalizers.contact import Channel, read_channel
from normalizers.loose_json import Object, items, kind, load, load_object, text
from normalizers.notes import Notes
from normalizers.record import make

_TITLE = frozenset({"id", "title", "role"})
_DETAIL = frozenset(
    {
        "id",
        "title",
        "description",
        "languageCode",
        "location",
        "internetAddresses",
        "openingHours",
        "timestamp",
        "lastUpdate",
        "externalLastUpdate",
        "role",
        "ars",
    }
)
_LOCATION = frozenset({"addresses", "communications"})
_CONTACT = "03"


def load_list(document: Document) -> list[Any]:
    """The offices as they came; anything but a list is a ``DocumentError``."""
    found = load(document)
    if not isinstance(found, list):
        raise DocumentError(f"The document holds {kind(found)} where a list of offices belongs.")
    return found


def named_offices(document: Document) -> list[str]:
    """Identifiers of the offices in a list, each once."""
    offices = (clean_line(text(entry.get("id"))) for entry in load_list(document) if isinstance(entry, dict))
    return list(dict.fromkeys(filter(None, offices)))


def read_offices(document: Document, context: Context) -> Iterator[Reading]:
    """Read the offices competent for one service; the document's note, or its address, tells which service."""
    found = load_list(document)
    service = document.note or next(iter(parse_qs(urlsplit(document.url).query).get("lbId", [])), "")
    if not service:
        raise DocumentError("Nothing tells for which service (lbId) these offices are competent.")
    notes = Notes("pvog")
    told: dict[str, Found] = {}
    for place, entry in items(found, ""):
        competence = _competence(entry, place, service, context, notes)
        if competence is None:
            continue
        before = told.get(competence.record.remote_id)
        if before is None or _is_contact(before):  # an office that is both is listed twice: it is competent
            told[competence.record.remote_id] = competence
    yield from told.values()
    yield from notes.take()


def _competence(entry: object, place: str, service: str, context: Context, notes: Notes) -> Found | None:
    if not isinstance(entry, dict):
        notes.error("office", place, f"There is {kind(entry)} where an office belongs.")
        return None
    notes.unknown("an office of a service", entry, _TITLE, place)
    office = clean_line(text(entry.get("id")))
    if not office:
        notes.error("no-id", f"{place}/id", "The competent office has no identifier and was left out.")
        return None
    remote_id = f"{office}.ZS.{service}"
    if "role" not in entry:
        message = "The office has no role; it counts as the competent one."
        notes.warning("missing-field", f"{place}/role", message, remote_id)
    trace: Trace = {
        "remote_id": origin("id", "pvog.competence-id"),
        "service": origin("id", "pvog.asked-service"),
        "organisation": origin("id", "pvog.office-id"),
        "regions": origin("id", "pvog.asked-region"),
    }
    role, where = _role(entry.get("role"))
    if role == "contact":
        trace["role"] = origin(where, "pvog.role")
    fields = {
        "remote_id": remote_id,
        "service": service,
        "organisation": office,
        "regions": (context.region,),
        "role": role,
        "provenance": trace,
    }
    return make(notes, Competence, place, fields)


def _is_contact(found: Found) -> bool:
    return isinstance(found.record, Competence) and found.record.role == "contact"


def _role(value: object) -> tuple[Literal["responsible", "contact"], str]:
    code, name = (text(value.get("code")), text(value.get("name"))) if isinstance(value, dict) else ("", text(value))
    words = name.lower()
    if words:
        contact = "ansprech" in words and "zuständig" not in words
        return "contact" if contact else "responsible", "role/name" if isinstance(value, dict) else "role"
    return "contact" if code == _CONTACT else "responsible", "role/code"


def read_office(document: Document) -> Iterator[Reading]:
    """Read one office with its functional contacts."""
    found = load_object(document)
    notes = Notes("pvog")
    notes.unknown("an office", found, _DETAIL, "")
    remote_id = document.note or clean_line(text(found.get("id")))
    name = clean_line(text(found.get("title")))
    if not remote_id:
        notes.error("no-id", "/id", "The office has no identifier and was not read.")
    elif not name:
        notes.error("no-title", "/title", "The office has no name and was not read.", remote_id)
    else:
        office = _office(found, remote_id, name, notes)
        if office:
            yield office
    yield from notes.take()


def _office(found: Object, remote_id: str, name: str, notes: Notes) -> Found | None:
    trace: Trace = {
        "remote_id": origin("/id" if found.get("id") else "/title", "pvog.office-id"),
        "name": origin("/title", "pvog.office-name"),
    }
    own = clean_line(text(found.get("id")))
    if own and own != remote_id:
        notes.warning("other-id", "/id", f"{remote_id!r} was asked for, and {own!r} came.", remote_id)
    location = found.get("location")
    if not isinstance(location, dict):
        message = "The office has no location: address, telephone and mail are missing."
        notes.warning("missing-field", "/location", message, remote_id)
        location = {}
    notes.unknown("an office's location", location, _LOCATION, "/location")
    fields: dict[str, object] = {"remote_id": remote_id, "name": name, "address": _address(location, trace)}
    fields |= _contacts(found, location, trace, notes, remote_id)
    return make(notes, Organisation, "", fields | {"provenance": trace})


def _address(location: Object, trace: Trace) -> str:
    """Where people go: the Hausanschrift, else the first address with anything in it."""
    best = ""
    for place, entry in items(location.get("addresses"), "/location/addresses"):
        if not isinstance(entry, dict):
            continue
        street = clean_line(f"{text(entry.get('street'))} {text(entry.get('houseNumber'))}")
        town = clean_line(f"{text(entry.get('zip'))} {text(entry.get('city'))}")
        shown = ", ".join(part for part in (street, town) if part)
        house = text(entry.get("type")) == "Hausanschrift"
        if shown and (not best or house):
            best = shown
            trace["address"] = origin(place, "pvog.office-address")
            if house:
                break
    return best


def _contacts(found: Object, location: Object, trace: Trace, notes: Notes, remote_id: str) -> dict[str, str]:
    """The first of each kind of channel; web pages stand apart, under ``internetAddresses``."""
    told: list[tuple[Channel, str, str]] = []
    for place, entry in items(location.get("communications"), "/location/communications"):
        if isinstance(entry, dict):
            channel, value = read_channel(text(entry.get("code")), text(entry.get("name")), text(entry.get("value")))
            told.append((channel, value, f"{place}/value"))
    for place, entry in items(found.get("internetAddresses"), "/internetAddresses"):
        told.append(("homepage", text(entry.get("uri") if isinstance(entry, dict) else entry), f"{place}/uri"))
    contacts: dict[str, str] = {}
    for channel, value, place in told:
        shown = value
        if channel == "homepage":
            address = clean_address(value)
            if address.problem:
                notes.warning("address", place, address.problem, remote_id)
            shown = "" if address.template else address.url
        if channel and shown and channel not in contacts:
            contacts[channel] = shown
            trace[channel] = origin(place, f"pvog.office-{channel}")
    return contacts
