"""Länder and municipalities: real names and keys, from the project's own list of regions."""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

from harvester.data import data_file

MUNICIPALITIES = 11_000
"""Municipalities at scale 1: all but a few small ones."""

BUND = "000000000000"
_KINDS = ("Gemeinde", "Stadt", "kreisfreie Stadt")


class Region(NamedTuple):
    """A regional key of twelve digits with its name and kind."""

    ars: str
    name: str
    kind: str


@cache
def _rows() -> tuple[Region, ...]:
    with data_file("regions.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Region(row["ars"], row["name"], row["kind"]) for row in csv.DictReader(file))


def laender() -> tuple[Region, ...]:
    """The sixteen Länder."""
    return tuple(region for region in _rows() if region.kind in {"Land", "Stadtstaat"})


def municipalities(scale: float) -> tuple[Region, ...]:
    """``scale`` times 11,000 municipalities (at least one), evenly from all Länder, in the order of their keys."""
    kinds = [[region for region in _rows() if region.kind == kind] for kind in _KINDS]
    total = sum(map(len, kinds))
    wanted = max(min(round(MUNICIPALITIES * scale), total), 1)
    counts = [round(len(group) * wanted / total) for group in kinds]
    counts[0] += wanted - sum(counts)
    return tuple(
        sorted(group[n * len(group) // count] for group, count in zip(kinds, counts, strict=True) for n in range(count))
    )
