"""One base text (``LeistungStammtextOut``) of the FIM portal's list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harvester.model import Audience, Code, Context, Found, Module, Service, clean_line
from harvester.model.provenance import Trace, origin
from normalizers.keys import read_keys
from normalizers.loose_json import Object, items, text, texts
from normalizers.moment import BERLIN, read_iso
from normalizers.notes import Notes
from normalizers.record import make
from normalizers.text_list import TextList

OZG_FIELDS = "https://informationsplattform.ozg-umsetzung.de/themenfelder"

_REQUIRED = (
    "redaktion_id",
    "leistung_id",
    "source",
    "title",
    "leistungsschluessel",
    "leistungstyp",
    "leistungsadressat",
    "typisierung",
    "freigabe_status",
    "leistungsbezeichnung",
    "leistungsbezeichnung_2",
    "kurztext",
    "volltext",
    "rechtsgrundlagen",
    "erstellt_datum_zeit",
    "geaendert_datum_zeit",
    "klassifizierung",
    "ozg",
)
"""All of them are required by the OpenAPI document, null or not: one that is gone is a change of the interface."""

_KNOWN = frozenset({*_REQUIRED, "fts_match"})
_AUDIENCES = {"001": Audience.CITIZEN, "002": Audience.BUSINESS, "003": Audience.ADMINISTRATION}
_TEXTS = {"kurztext": Module.SUMMARY, "volltext": Module.DESCRIPTION, "rechtsgrundlagen": Module.LEGAL_BASIS}


def identifier(entry: Object) -> str:
    """The portal's own path of a base text: editorial system, number and source; empty where one of them is missing."""
    parts = [clean_line(text(entry.get(name))) for name in ("redaktion_id", "leistung_id", "source")]
    return "/".join(parts) if all(parts) else ""


def read_service(entry: Object, base: str, context: Context, notes: Notes) -> Found | None:
    """Read a base text at the place ``base``; None, and an error, where it has no identifier or no title."""
    del context
    notes.unknown("a base text", entry, _KNOWN, base)
    remote_id = identifier(entry)
    if not remote_id:
        notes.error("no-id", base, "The base text lacks redaktion_id, leistung_id or source and was not read.")
        return None
    for name in _REQUIRED:
        if name not in entry:
            notes.warning("missing-field", base, f"The field {name!r} is gone; the interface has changed.", remote_id)
    second, first = clean_line(text(entry.get("leistungsbezeichnung_2"))), clean_line(text(entry.get("title")))
    if not (second or first):
        notes.error("no-title", f"{base}/title", "The base text has no title and was not read.", remote_id)
        return None
    trace: Trace = {"remote_id": origin("leistung_id", "fim.id")}
    trace["title"] = origin("leistungsbezeichnung_2" if second else "title", "fim.title")
    official = clean_line(text(entry.get("leistungsbezeichnung")))
    if official:
        trace["official_title"] = origin("leistungsbezeichnung", "fim.official-title")
    found = TextList("de")
    for name, module in _TEXTS.items():
        found.add(module, text(entry.get(name)), name, f"fim.{name}")
    fields: dict[str, Any] = {
        "remote_id": remote_id,
        "title": second or first,
        "official_title": official,
        "leika_keys": _keys(entry, base, remote_id, notes),
        "audience": tuple(
            _AUDIENCES[code] for _, code in texts(entry.get("leistungsadressat"), "") if code in _AUDIENCES
        ),
        "leika_types": tuple(dict.fromkeys(code for _, code in texts(entry.get("typisierung"), ""))),
        "texts": found.finish(trace),
        "situations": _situations(entry, trace),
        "modified_at": read_iso(text(entry.get("geaendert_datum_zeit")), BERLIN),
        "provenance": trace,
    }
    for field, name in (
        ("leika_keys", "leistungsschluessel"),
        ("audience", "leistungsadressat"),
        ("leika_types", "typisierung"),
        ("modified_at", "geaendert_datum_zeit"),
    ):
        if fields[field]:
            trace[field] = origin(name, f"fim.{field.replace('_', '-')}")
    return make(notes, Service, base, fields)


def _keys(entry: Object, base: str, remote_id: str, notes: Notes) -> tuple[Any, ...]:
    keys = read_keys(key for _, key in texts(entry.get("leistungsschluessel"), ""))
    for broken in keys.broken:
        message = f"{broken!r} is no LeiKa key (14 digits beginning with 99)."
        notes.warning("key", f"{base}/leistungsschluessel", message, remote_id)
    return keys.good


def _situations(entry: Object, trace: Trace) -> tuple[Code, ...]:
    found: list[Code] = []
    for place, code in _codes(entry):
        if code not in found:
            trace[f"situations/{len(found)}"] = origin(place, "fim.situation")
            found.append(code)
    return tuple(found)


def _codes(entry: Object) -> Iterator[tuple[str, Code]]:
    for place, told in items(entry.get("klassifizierung"), "klassifizierung"):
        if isinstance(told, dict) and text(told.get("list_uri")) and text(told.get("value")):
            yield place, Code(list_uri=text(told["list_uri"]), code=text(told["value"]))
    for place, told in items(entry.get("ozg"), "ozg"):
        if isinstance(told, dict) and text(told.get("themenfeld")):
            code, name = text(told["themenfeld"]), clean_line(text(told.get("themenfeld_label")))
            yield place, Code(list_uri=OZG_FIELDS, code=code, name=name)
