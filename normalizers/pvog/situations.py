"""Where a PVOG detail puts its service: PV-Lagen (``personalMatters``) and SDG areas (``sdgInformation``).

The PV-Lagen come as trees from the root („Lebenslagen für Bürgerinnen und Bürger“) down to the narrowest one. Only
the leaves are kept: the digits of a code tell its ancestors (1030200 lies in 1030000, that in 1000000), and the place
of the leaf in the tree stands in its origin.
"""

from __future__ import annotations

from collections.abc import Iterator

from harvester.model import Code, clean_line
from normalizers.loose_json import Object, items, kind, text
from normalizers.notes import Notes

PV_LAGEN = "urn:xoev-de:fim:codeliste:pvlagen"
SDG_AREAS = "urn:xoev-de:fim:codeliste:sdginformationsbereich"

_MATTER = frozenset({"code", "name", "children"})
_AREA = frozenset({"id", "uri", "version", "code", "key", "texts", "comments", "values"})


def read_situations(found: Object, notes: Notes) -> list[tuple[Code, str]]:
    """All codes, each once, with their places."""
    codes: dict[Code, str] = {}
    for code, place in (*_matters(found, notes), *_areas(found, notes)):
        codes.setdefault(code, place)
    return list(codes.items())


def _matters(found: Object, notes: Notes) -> Iterator[tuple[Code, str]]:
    """The leaves in the order of the document. Without recursion: a tree may be as deep as it likes."""
    waiting = list(items(found.get("personalMatters"), "/personalMatters"))[::-1]
    while waiting:
        place, matter = waiting.pop()
        code = _code(matter, place, notes)
        if code is None or not isinstance(matter, dict):
            continue
        notes.unknown("a PV-Lage", matter, _MATTER, place)
        children = list(items(matter.get("children"), f"{place}/children"))
        waiting.extend(reversed(children))
        if not children:
            yield Code(list_uri=PV_LAGEN, code=code, name=clean_line(text(matter.get("name")))), place


def _areas(found: Object, notes: Notes) -> Iterator[tuple[Code, str]]:
    for place, area in items(found.get("sdgInformation"), "/sdgInformation"):
        code = _code(area, place, notes)
        if code is None or not isinstance(area, dict):
            continue
        notes.unknown("an SDG area", area, _AREA, place)
        names = area.get("texts")
        name = text(names.get("de")) if isinstance(names, dict) else ""
        list_uri = clean_line(text(area.get("uri"))) or SDG_AREAS
        version = clean_line(text(area.get("version")))
        yield Code(list_uri=list_uri, code=code, version=version, name=clean_line(name)), place


def _code(entry: object, place: str, notes: Notes) -> str | None:
    """The code of an entry, None (and a warning) where it has none."""
    code = clean_line(text(entry.get("code"))) if isinstance(entry, dict) else ""
    if not code:
        notes.warning("situation", place, f"There is {kind(entry)} without a code where a code belongs.")
    return code or None
