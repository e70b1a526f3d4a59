"""Regions: from the identifiers of XZuFi to regional keys (ARS)."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import NamedTuple

from harvester.data import data_file
from harvester.model import BUND, Ars
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

    A municipal key (AGS, eight digits) lacks the Verband, which the table of regions tells; one that ends in ``000``
    means a Kreis or a kreisfreie Stadt, which have none. Short regional keys are filled up with zeros.
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
        ars = _municipalities().get(key)
        return Region(ars, "" if ars else f"The municipal key (AGS) {value!r} is that of no municipality.")
    return Region(None, f"The region {value!r} (list {scheme!r}) is no regional key: it has {len(key)} digits.")


@lru_cache(maxsize=1)
def _municipalities() -> dict[str, Ars]:
    """Regional keys of all municipalities by their municipal keys, of which each has one. A constant of the program."""
    with data_file("regions.csv").open(encoding="utf-8", newline="") as file:
        keys = [Ars(row["ars"]) for row in csv.DictReader(file)]
    return {key.ags: key for key in keys if not key.endswith("000")}


def region_of(element: Element) -> Region:
    """The region that an identifier names."""
    return read_region(text_of(element), (element.get("schemeID") or "").strip())


class Inside:
    """Ask whether a record concerns a region or one inside it."""

    def __init__(self, within: str | None) -> None:
        """Take the region as options give it, long or short (``05513``); None or the Bund lets everything pass."""
        key = Ars.padded(within) if within else Ars(BUND)
        length = next((length for length in _LENGTHS if not key[length:].strip("0")), 12)
        self._prefix = key[:length] if key.strip("0") else ""

    def __call__(self, regions: tuple[Ars, ...]) -> bool:
        """Tell whether any of the regions lies inside; a record without regions always does."""
        prefix = self._prefix
        return not prefix or not regions or any(region.startswith(prefix) for region in regions)
