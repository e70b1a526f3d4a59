"""Coded fields of a service: keys, regions, audience, types, life situations."""

from __future__ import annotations

import re
from functools import lru_cache

from harvester.model import Audience, Code, LeikaKey
from normalizers.moment import BERLIN, read_iso
from normalizers.xzufi.draft import Draft
from normalizers.xzufi.element import NAMES, Element, child_of, children, code_of, line_of, name_of, text_of
from normalizers.xzufi.origins import place
from normalizers.xzufi.region import region_of

PV_LAGEN = "urn:xoev-de:fim:codeliste:pvlagen"
SDG_AREAS = "urn:xoev-de:fim:codeliste:sdginformationsbereich"

_AUDIENCE = {"001": Audience.CITIZEN, "002": Audience.BUSINESS, "003": Audience.ADMINISTRATION}
_PV_LAGE = re.compile(r"[12][0-9]{6}")
_SDG_AREA = re.compile(r"[0-9]{7}")
_NO_SDG_AREA = "0000000"
_SHORT = 64
"""Characters of a value that is remembered: a source may send what it likes, but not into memory."""


def read_key(draft: Draft, element: Element, step: str) -> None:
    """LeiKa key: ``referenzLeiKa/code`` (2.2) or the text of ``referenzLeistungsschluessel`` (2.3)."""
    value = code_of(element)
    if not value:
        return
    key = _key(value) if len(value) <= _SHORT else _key.__wrapped__(value)
    if key is None:
        draft.warn("bad-leika-key", step, f"{value!r} is no LeiKa key (14 digits beginning with 99).")
        return
    if key not in draft.keys:
        draft.trace("leika_keys", len(draft.keys), step, "xzufi.leika-key")
        draft.keys[key] = None


@lru_cache(maxsize=16_384)  # every municipality describes the same few thousand services
def _key(value: str) -> LeikaKey | None:
    try:
        return LeikaKey.read(value)
    except ValueError:
        return None


def read_region(draft: Draft, element: Element, step: str) -> None:
    """Where the description holds."""
    ars, problem = region_of(element)
    if problem:
        draft.warn("bad-region", step, problem)
    if ars is not None and ars not in draft.regions:
        draft.trace("regions", len(draft.regions), step, "xzufi.region")
        draft.regions[ars] = None


def read_audience(draft: Draft, element: Element, step: str) -> None:
    """Whom the service is for: 001 citizens, 002 businesses, 003 administration."""
    code = code_of(element)
    audience = _AUDIENCE.get(code)
    if audience is None:
        if code:
            message = f"The audience (leistungsadressat) {code!r} is not known"
            draft.count("unknown-audience", code, step, message)
    elif audience not in draft.audience:
        draft.trace("audience", len(draft.audience), step, "xzufi.audience")
        draft.audience[audience] = None


def read_type(draft: Draft, element: Element, step: str) -> None:
    """LeiKa type: who makes the rules and who carries them out."""
    code = code_of(element)
    if code and code not in draft.leika_types:
        draft.trace("leika_types", len(draft.leika_types), step, "xzufi.leika-type")
        draft.leika_types[code] = None


def read_category(draft: Draft, element: Element, step: str) -> None:
    """A category (``kategorie``): a life situation where its class is the list of PV-Lagen, else none of ours."""
    category = child_of(element, "id")
    owner = child_of(element, "klasse")
    version = ""
    if owner is None or category is None:
        return
    words = ""
    for child in owner:
        match NAMES[child.tag]:
            case "id":
                words = f"{text_of(child)} {child.get('schemeID') or ''} {child.get('schemeURI') or ''}"
            case "version":
                version = text_of(child)
    if "pvlagen" in words.lower():
        _add_pv_lage(draft, text_of(category), version, line_of(child_of(element, "bezeichnung")), f"{step}/id")


def read_classification(draft: Draft, element: Element, step: str) -> None:
    """A classification (``klassifizierung``) by any code list; the PV-Lagen and the SDG areas are life situations."""
    uri, _, version = (element.get("listURI") or "").partition("_")
    version = version or (element.get("listVersionID") or "")
    if uri == PV_LAGEN:
        _add_pv_lage(draft, code_of(element), version, name_of(element), step)
    elif uri == SDG_AREAS:
        _add_sdg_area(draft, element, step)


def read_sdg_area(draft: Draft, element: Element, step: str) -> None:
    """``informationsbereichSDG`` (2.2): an area of Regulation (EU) 2018/1724, Annex I."""
    _add_sdg_area(draft, element, step)


def read_sdg_areas(draft: Draft, element: Element, step: str) -> None:
    """``informationsbereicheSDG`` (2.3): areas of Annex I, and procedures of Annex II, which are no situations."""
    for name, number, child in children(element):
        if name.lower().endswith("sdg1"):
            _add_sdg_area(draft, child, f"{step}/{name}[{number}]")


def read_synonyms(draft: Draft, element: Element, step: str) -> None:
    """Other words for the service: synonyms, abbreviations, everyday terms."""
    for name, number, context in children(element):
        if name != "begriffImKontext":
            continue
        for inner, position, child in children(context):
            if inner == "begriff" and (word := line_of(child)) and word not in draft.synonyms:
                locator = f"{step}/{name}[{number}]/{inner}[{position}]"
                draft.trace("synonyms", len(draft.synonyms), locator, "xzufi.synonym")
                draft.synonyms[word] = None


def read_version(draft: Draft, element: Element, step: str) -> None:
    """When the source last changed the description. A time without an offset is one of Germany's clocks."""
    value = text_of(child_of(element, "geaendertDatumZeit"))
    if not value:
        return
    draft.modified_at = read_iso(value, BERLIN)
    if draft.modified_at is None:
        draft.warn("bad-time", f"{step}/geaendertDatumZeit", f"{value!r} is no date and time.")
    else:
        draft.trace("modified_at", 0, f"{step}/geaendertDatumZeit", "xzufi.modified-at")


def _add_pv_lage(draft: Draft, code: str, version: str, name: str, locator: str) -> None:
    if _PV_LAGE.fullmatch(code):
        _add(draft, _code(PV_LAGEN, code, version, name), locator)
    elif code:
        draft.warn("bad-situation", locator, f"{code!r} is no PV-Lage (7 digits beginning with 1 or 2).")


def _add_sdg_area(draft: Draft, element: Element, locator: str) -> None:
    code = code_of(element)
    if code in {"", _NO_SDG_AREA}:
        return
    if not _SDG_AREA.fullmatch(code):
        draft.warn("bad-situation", locator, f"{code!r} is no information area of the SDG (7 digits).")
        return
    version = element.get("listVersionID") or ""
    _add(draft, _code(SDG_AREAS, code, version, name_of(element)), locator)


@lru_cache(maxsize=4096)
def _code(list_uri: str, code: str, version: str, name: str) -> Code:
    """Make an entry of a code list; some hundred of them serve all services."""
    return Code(list_uri=list_uri, code=code, version=version, name=name)


def _add(draft: Draft, code: Code, locator: str) -> None:
    key = (code.list_uri, code.code)
    if key not in draft.situations:
        draft.provenance[f"situations/{len(draft.situations)}"] = place(locator, "xzufi.situation")
        draft.situations[key] = code
