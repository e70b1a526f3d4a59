"""``organisationseinheit``: an office with its functional contacts."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.model import Ars, Organisation, Origin
from normalizers.contact import read_channel
from normalizers.notes import Notes
from normalizers.xzufi.element import NAMES, Element, child_of, children, code_of, line_of, name_of, text_of
from normalizers.xzufi.identifier import ORGANISATION, read_id
from normalizers.xzufi.language import preferred, read_language
from normalizers.xzufi.link import read_address
from normalizers.xzufi.origins import place
from normalizers.xzufi.region import read_region


def read_organisation(element: Element, record: str, notes: Notes) -> Organisation | None:
    """Read one office; None, with an error, where it has no identifier or no name.

    Contacts are those of the office itself: persons (``kontaktperson``) are not looked at.
    """
    remote_id = read_id(child_of(element, "id"), ORGANISATION)
    if not remote_id:
        notes.error("no-id", record, "The organisation has no identifier; it was left out.")
        return None
    provenance = {"remote_id": place("id", "xzufi.id")}
    names = dict(_names(element))
    if not names:
        notes.error("no-title", record, "The organisation has no name; it was left out.", remote_id)
        return None
    name, locator = names[preferred([*names])]
    provenance["name"] = place(locator, "xzufi.name")
    contacts = _contacts(element, (record, remote_id), notes, provenance)
    address, region = _address(element, provenance)
    return Organisation(
        remote_id=remote_id,
        name=name,
        region=region,
        homepage=contacts.get("homepage", ""),
        phone=contacts.get("phone", ""),
        email=contacts.get("email", ""),
        address=address,
        provenance=provenance,
    )


def _names(element: Element) -> Iterator[tuple[str, tuple[str, str]]]:
    """The names (``name/name`` or ``bezeichnung``) by language, the first one last so that it is the one that stays."""
    found: list[tuple[str, tuple[str, str]]] = []
    for outer, number, child in children(element):
        if outer not in {"name", "bezeichnung"}:
            continue
        inner = [(f"{outer}[{number}]/name[{at}]", each) for step, at, each in children(child) if step == "name"]
        for locator, each in inner or [(f"{outer}[{number}]", child)]:
            if line := line_of(each):
                found.append((read_language(each.get("languageCode")), (line, locator)))
    return reversed(found)


def _contacts(element: Element, record: tuple[str, str], notes: Notes, provenance: dict[str, Origin]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, number, child in children(element):
        step = f"{name}[{number}]"
        if name == "kommunikation":
            kind, value = _channel(child)
            locator = f"{step}/kennung"
        elif name == "internetadresse":
            uri = child_of(child, "uri")
            kind, value, locator = "homepage", text_of(child if uri is None else uri), step
        else:
            continue
        if kind == "homepage":
            value, template, problem = read_address(value)
            if problem:
                notes.warning("bad-address", f"{record[0]}/{locator}", f"{problem} It was left out.", record[1])
            value = "" if template else value
        if value and kind and kind not in found:
            found[kind] = value
            provenance[kind] = place(locator, f"xzufi.{kind}")
    return found


def _channel(element: Element) -> tuple[str, str]:
    code, label, value = "", "", ""
    for child in element:
        match NAMES[child.tag]:
            case "kanal":
                code, label = code_of(child), name_of(child)
            case "kennung":
                value = text_of(child)
    return read_channel(code, label, value)


def _address(element: Element, provenance: dict[str, Origin]) -> tuple[str, Ars | None]:
    """The first address with a street, else the first one with anything; and the region that an address tells."""
    best, where, region = "", "", None
    with_street = False
    for name, number, child in children(element):
        if name != "anschrift":
            continue
        parts = {inner: line_of(each) for inner, _, each in reversed([*children(child)])}
        street = f"{parts.get('strasse', '')} {parts.get('hausnummer', '')}".strip()
        box = parts.get("postfach", "")
        first = street or (f"Postfach {box}" if box else "")
        town = f"{parts.get('postleitzahl', '')} {parts.get('ort', '')}".strip()
        shown = ", ".join(part for part in (first, town) if part)
        if shown and (not best or (street and not with_street)):
            best, where, with_street = shown, f"{name}[{number}]", bool(street)
        coding = child_of(child, "verwaltungspolitischeKodierung")
        if region is None and coding is not None:
            region = _region(coding, f"{name}[{number}]/verwaltungspolitischeKodierung", provenance)
    if best:
        provenance["address"] = place(where, "xzufi.address")
    return best, region


def _region(coding: Element, step: str, provenance: dict[str, Origin]) -> Ars | None:
    """The most exact key that an address is coded with: of the municipality, or of its Kreis, or of the Land."""
    for name in ("regionalschluessel", "gemeindeschluessel", "kreis", "bundesland"):
        child = child_of(coding, name)
        if child is None:
            continue
        ars, _ = read_region(code_of(child), child.get("listURI") or "")
        if ars is not None:
            provenance["region"] = place(f"{step}/{name}", "xzufi.region")
            return ars
    return None
