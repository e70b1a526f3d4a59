"""Regional keys (ARS) as the code list ``rs`` of Destatis names them, and as ``data/regions.csv`` holds them. Pure.

The list writes „Gladbeck, Stadt“: the name, and behind a comma what the municipality may call itself. It has
municipalities and kreisfreie Städte; the names of Länder, Kreise and Gemeindeverbände are not its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from harvester.codelists.difference import STATED, Shape
from harvester.model import Ars

_ABOVE = frozenset({"Bund", "Land"})


def title(name: str) -> str:
    """The name without what stands behind the comma."""
    return name.partition(", ")[0].strip()


def row(code: str, name: str, known: Collection[str]) -> dict[str, str]:
    """A row for a new key: its kind from its place and its name, its parent the nearest region above that is known."""
    ars = Ars(code)
    behind = name.partition(", ")[2].lower()
    kind = "kreisfreie Stadt" if ars[5:] == "0" * 7 else "Stadt" if "stadt" in behind else "Gemeinde"
    parent = next((above for above in ars.parents if above in known), "")
    return {"ars": code, "name": title(name), "kind": kind, "parent_ars": parent, "name_origin": STATED}


def listed(entry: Mapping[str, str]) -> bool:
    """Whether a row of the file is one that the list has, too."""
    return entry["name_origin"] == STATED and entry["kind"] not in _ABOVE


REGIONS = Shape(code="ars", origin="name_origin", listed=listed, title=title, row=row)
"""How ``regions.csv`` holds the list."""
