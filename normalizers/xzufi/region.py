"""Regions: from the identifiers of XZuFi to regional keys (ARS)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from harvester.model import BUND, Ars, DocumentError
from normalizers.xzufi.element import Element, text_of

# Land, Regierungsbezirk, Kreis, Verband, Gemeinde: where a regional key may end.
_LENGTHS = (2, 3, 5, 9, 12)


class Region(NamedTuple):
    """A region, or the reason why there is none; neither where the source gives nothing."""

    ars: Ars | None
    problem: str


@lru_cache(maxsize=32_768)
def read_region(value: str, scheme: str) -> Region:
    """Read a key by the list that ``schemeID`` or ``listURI`` names.

    A municipal key (AGS, eight digits) lacks the Verband, so it is a regional key only where it ends in ``000``: then
    it means a Kreis or a kreisfreie Stadt, which have none. Short regional keys are filled up with zeros.
    """
    key = value.replace(" ", "")
    if not key:
        return Region(None, "")
    if not (key.isascii() and key.isdigit()):
        return Region(None, f"The region {value!r} (list {scheme!r}) is no regional key.")
    if len(key) == 8 and key.endswith("000"):
        key = key[:5]
    if len(key) in _LENGTHS or not key.strip("0"):
        return Region(Ars.padded(key[:12]), "")
    if len(key) == 8:
        return Region(None, f"The municipal key (AGS) {value!r} does not tell the Verband, so it is no regional key.")
    return Region(None, f"The region {value!r} (list {scheme!r}) is no regional key: it has {len(key)} digits.")


def region_of(element: Element) -> Region:
    """The region that an identifier names."""
    return read_region(text_of(element), (element.get("schemeID") or "").strip())


class Inside:
    """Ask whether a record concerns a region or one inside it."""

    def __init__(self, within: str | None) -> None:
        """Take the region as options give it, long or short (``05513``); None or the Bund lets everything pass."""
        try:
            key = Ars.padded(within) if within else Ars(BUND)
        except ValueError as error:
            raise DocumentError(f"The option regions_within is wrong: {error}.") from error
        length = next((length for length in _LENGTHS if not key[length:].strip("0")), 12)
        self._prefix = key[:length] if key.strip("0") else ""

    def __call__(self, regions: tuple[Ars, ...]) -> bool:
        """Tell whether any of the regions lies inside; a record without regions always does."""
        prefix = self._prefix
        return not prefix or not regions or any(region.startswith(prefix) for region in regions)
