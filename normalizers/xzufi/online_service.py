"""``onlinedienst``: an application that can be used over the network."""

from __future__ import annotations

from harvester.model import LinkRole, OnlineService, Origin
from normalizers.notes import Notes
from normalizers.xzufi.element import Element, child_of, children, code_of, line_of, name_of, text_of
from normalizers.xzufi.identifier import ONLINE_SERVICE, read_id
from normalizers.xzufi.language import UNKNOWN, preferred, read_language
from normalizers.xzufi.link import Links
from normalizers.xzufi.origins import place
from normalizers.xzufi.tally import Tally

_APPLICATION = "01"
_LISTS = {
    "identifizierungsmittel": "identification",
    "zahlungsweise": "payment",
    "zahlungsverfahren": "payment",
    "sprachversion": "languages",
}


def read_online_service(element: Element, record: str, notes: Notes, tally: Tally) -> OnlineService | None:
    """Read one online service; None, with an error, where it has no identifier or no title.

    All its links lead to the application (link type 01 of ``urn:xoev-de:fim:codeliste:onlinedienstlinktyp``); other
    types are not documented and are told.
    """
    remote_id = read_id(child_of(element, "id"), ONLINE_SERVICE)
    if not remote_id:
        notes.error("no-id", record, "The online service has no identifier; it was left out.")
        return None
    provenance = {"remote_id": place("id", "xzufi.id")}
    links = Links(record, remote_id, notes, provenance)
    titles: dict[str, tuple[str, str]] = {}
    trust = ""
    lists: dict[str, dict[str, None]] = {"identification": {}, "payment": {}, "languages": {}}
    for name, number, child in children(element):
        step = f"{name}[{number}]"
        match name:
            case "bezeichnung":
                if line := line_of(child):
                    titles.setdefault(read_language(child.get("languageCode")), (line, step))
            case "link":
                _count_type(child, f"{record}/{step}", tally)
                links.read(child, step, LinkRole.APPLY, remote_id)
            case "vertrauensniveau":
                trust = code_of(child)
                provenance["trust_level"] = place(step, "xzufi.trust-level")
            case "identifizierungsmittel" | "zahlungsweise" | "zahlungsverfahren" | "sprachversion":
                _append(lists[_LISTS[name]], _LISTS[name], child, step, provenance)
    if not titles:
        notes.error("no-title", record, "The online service has no title; it was left out.", remote_id)
        return None
    title, locator = titles[preferred([*titles])]
    provenance["title"] = place(locator, "xzufi.title")
    return OnlineService(
        remote_id=remote_id,
        title=title,
        links=tuple(links.found.values()),
        trust_level=trust,
        identification=tuple(lists["identification"]),
        payment=tuple(lists["payment"]),
        languages=tuple(lists["languages"]),
        provenance=provenance,
    )


def _count_type(link: Element, record: str, tally: Tally) -> None:
    kind = child_of(link, "typ")
    code = _APPLICATION if kind is None else code_of(kind)
    if code not in {"", _APPLICATION}:
        message = f"The link type {code!r} is not known; it was read as one to the application"
        tally.count("xzufi.unknown-link-type", code, record, message)


def _append(known: dict[str, None], path: str, element: Element, step: str, provenance: dict[str, Origin]) -> None:
    """Keep an entry of a list once: the name of a code, else the code; languages as tags."""
    if path == "languages":
        value = read_language(text_of(child_of(element, "languageCode")))
        value = "" if value == UNKNOWN else value
    else:
        value = name_of(element) or code_of(element)
    if value and value not in known:
        provenance[f"{path}/{len(known)}" if known else path] = place(step, f"xzufi.{path}")
        known[value] = None
