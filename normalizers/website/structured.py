"""What a page says of itself for programs: JSON-LD, RDFa and microdata, with the place of each value.

Read here and not by extruct, which would bring rdflib and three more parsers and tells no places (docs/decisions/0014).
Vocabularies: schema.org GovernmentService and Service, CPSV-AP, and the property names of the portals in Nordrhein-Westfalen
(``schluessel`` holds the LeiKa key).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from harvester.model import Module, clean_line
from normalizers.loose_json import escape, items, text
from normalizers.website.page import Element, Page, Value, outer, words

_SERVICES = frozenset(
    {"governmentservice", "service", "publicservice", "leistung", "dienstleistung", "verwaltungsleistung"}
)
_MOST_NODES = 2_000
_KEY = frozenset({"schluessel", "leistungsschluessel", "leikaschluessel", "leika", "leikakey", "leika_key"})
_PLAIN = {
    "bezeichnung": "title",
    "leistungsbezeichnung": "title",
    "name": "title",
    "title": "title",
    "alternatename": "keywords",
    "keywords": "keywords",
    "keyword": "keywords",
    "synonym": "keywords",
    "begriff": "keywords",
    "kurztext": "summary",
    "description": "summary",
    "datemodified": "modified",
    "modified": "modified",
    "geaendert": "modified",
    "serviceurl": "apply",
    "onlinedienst": "apply",
    "url_online": "apply",
}
_TEXTS = {
    "volltext": Module.DESCRIPTION,
    "beschreibung": Module.DESCRIPTION,
    "kosten": Module.FEES,
    "gebuehren": Module.FEES,
    "hascost": Module.FEES,
    "fristen": Module.DEADLINES,
    "frist": Module.DEADLINES,
    "bearbeitungsdauer": Module.DURATION,
    "processingtime": Module.DURATION,
    "unterlagen": Module.DOCUMENTS,
    "erforderlicheunterlagen": Module.DOCUMENTS,
    "voraussetzungen": Module.REQUIREMENTS,
    "verfahrensablauf": Module.PROCEDURE,
    "rechtsgrundlage": Module.LEGAL_BASIS,
    "rechtsgrundlagen": Module.LEGAL_BASIS,
    "haslegalresource": Module.LEGAL_BASIS,
    "rechtsbehelf": Module.LEGAL_REMEDY,
    "hinweise": Module.NOTES,
    "zustaendigestelle": Module.COMPETENT_OFFICE,
}
_OFFICES = frozenset({"serviceoperator", "provider", "hascompetentauthority"})


@dataclass
class Structured:
    """Values by field (``title``, ``summary``, ``key``, ``keywords``, ``modified``, ``apply``, ``office``), and texts by module.

    ``texts`` hold HTML. ``broken`` are blocks of JSON-LD that could not be read, with the reason.
    """

    fields: dict[str, list[Value]] = field(default_factory=dict)
    texts: dict[Module, Value] = field(default_factory=dict)
    broken: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, raw: str, locator: str, rule: str) -> None:
        """Add a value of a field, unless it is empty."""
        if value := clean_line(raw):
            self.fields.setdefault(name, []).append(Value(value, locator, rule))


def read_structured(page: Page) -> Structured:
    """Everything a page says for programs about the service it is about."""
    found = Structured()
    _read_json_ld(page, found)
    _read_attributes(page, found, "property", "typeof", "rdfa")
    _read_attributes(page, found, "itemprop", "itemtype", "microdata")
    return found


def _read_json_ld(page: Page, found: Structured) -> None:
    for script in page.all('script[type="application/ld+json"]'):
        place = page.locate(script)
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError) as error:
            found.broken.append((place, str(error)))
            continue
        for pointer, node in _nodes(data):
            if _types(node) & _SERVICES:
                _read_node(node, f"{place}!{pointer}", found)


def _nodes(data: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """All objects that are a subject of their own: the top, lists of it, ``@graph`` and ``mainEntity``."""
    waiting, seen = [("", data)], 0
    while waiting and seen < _MOST_NODES:
        pointer, value = waiting.pop(0)
        seen += 1
        if isinstance(value, list):
            waiting += [(f"{pointer}/{index}", below) for index, below in enumerate(value[:_MOST_NODES])]
        elif isinstance(value, dict):
            yield pointer, value
            waiting += [
                (f"{pointer}/{escape(k)}", value[k])
                for k in ("@graph", "mainEntity", "about", "mainEntityOfPage")
                if k in value
            ]


def _types(node: dict[str, Any]) -> set[str]:
    return {_local(text(kind)) for _, kind in items(node.get("@type"), "")}


def _read_node(node: dict[str, Any], place: str, found: Structured) -> None:
    for name, value in node.items():
        plain, pointer = _local(name), f"{place}/{escape(name)}"
        if plain == "identifier" or plain in _KEY:
            _read_identifiers(value, pointer, found)
            continue
        for below, entry in items(value, pointer):
            _read_entry(plain, entry, below, found)


def _read_entry(plain: str, entry: object, place: str, found: Structured) -> None:
    """One value of a property, a text or an object."""
    inner = entry if isinstance(entry, dict) else {}
    if plain == "availablechannel":
        url = inner.get("serviceUrl")
        url = url.get("@id") or url.get("url") if isinstance(url, dict) else url
        found.add("apply", text(url), f"{place}/serviceUrl", "website.json-ld.channel")
    elif plain in _OFFICES and "person" not in _types(inner):
        found.add("office", text(inner.get("name")), f"{place}/name", "website.json-ld.office")
    elif plain in _TEXTS:
        raw = text(inner.get("name") or inner.get("description") if inner else entry)
        _add_text(found, _TEXTS[plain], raw, place, "json-ld")
    elif plain in _PLAIN:
        raw = text(inner.get("@value") if inner else entry)
        found.add(_PLAIN[plain], raw, place, f"website.json-ld.{_PLAIN[plain]}")


def _read_identifiers(value: object, pointer: str, found: Structured) -> None:
    """A LeiKa key among the identifiers: a bare text, or a PropertyValue."""
    for below, entry in items(value, pointer):
        raw = text(entry.get("value") if isinstance(entry, dict) else entry)
        named = isinstance(entry, dict) and "leika" in text(entry.get("propertyID")).casefold()
        if named or "".join(filter(str.isdigit, raw)).startswith("99"):
            found.add(
                "key",
                raw.rpartition(":")[2],
                f"{below}/value" if isinstance(entry, dict) else below,
                "website.json-ld.key",
            )


def _read_attributes(page: Page, found: Structured, name: str, scope: str, rule: str) -> None:
    """RDFa (``property`` within ``typeof``) and microdata (``itemprop`` within ``itemtype``), which differ by name only.

    Open Graph uses ``property`` as well, on ``meta`` elements in the head; it says nothing about services.
    """
    for element in page.all(f"[{name}]"):
        told = element.get(name, "")
        if told.startswith(("og:", "article:", "fb:", "twitter:")):
            continue
        for plain in map(_local, told.split()):
            if plain in _KEY:
                found.add("key", _value(element), page.locate(element), f"website.{rule}.key")
            elif (plain in _PLAIN or plain in _TEXTS or plain in _OFFICES) and _inside_service(element, scope):
                _take(page, element, plain, rule, found)


def _take(page: Page, element: Element, plain: str, rule: str, found: Structured) -> None:
    place = page.locate(element)
    if plain in _TEXTS:
        raw = element.get("content") or outer(element)
        _add_text(found, _TEXTS[plain], raw, place, rule)
    elif plain in _OFFICES:
        found.add("office", _value(element), place, f"website.{rule}.office")
    else:
        found.add(_PLAIN[plain], _value(element), place, f"website.{rule}.{_PLAIN[plain]}")


def _add_text(found: Structured, module: Module, raw: str, place: str, rule: str) -> None:
    if raw.strip():
        found.texts.setdefault(module, Value(raw, place, f"website.{rule}.{module}"))


def _inside_service(element: Element, scope: str) -> bool:
    """Whether the nearest thing described around an element is a service."""
    for above in (element, *element.iterancestors()):
        if kinds := above.get(scope):
            if above is element and len(kinds.split()) and not {_local(k) for k in kinds.split()} & _SERVICES:
                continue  # <div property="serviceOperator" typeof="Organization"> is itself a value of the service
            return bool({_local(kind) for kind in kinds.split()} & _SERVICES)
    return False


def _value(element: Element) -> str:
    for attribute in ("content", "href", "src", "resource", "datetime", "value"):
        if element.get(attribute):
            return str(element.get(attribute))
    return words(element)


def _local(name: str) -> str:
    """The last part of a name: ``schema:GovernmentService`` and ``https://schema.org/GovernmentService`` are the same."""
    for mark in ("#", "/", ":"):
        name = name.rpartition(mark)[2]
    return name.casefold()
