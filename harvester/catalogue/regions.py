"""The table of regions, from ``data/regions.csv``."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import lru_cache

from harvester.data import data_file
from harvester.model import Ars, Region


@lru_cache(maxsize=1)
def read_regions() -> dict[Ars, Region]:
    """All regions of Germany by their key: about 13,000."""
    with data_file("regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        Ars(r["ars"]): Region(
            ars=Ars(r["ars"]), name=r["name"], kind=r["kind"], parent=Ars(r["parent_ars"]) if r["parent_ars"] else None
        )
        for r in rows
    }


def ancestor_rows(regions: Iterable[Region]) -> list[tuple[str, str, int]]:
    """Every region with itself (distance 0) and all regions above it (1 for the nearest)."""
    by_key = {region.ars: region for region in regions}
    rows: list[tuple[str, str, int]] = []
    for region in by_key.values():
        above: Region | None = region
        distance = 0
        while above is not None:
            rows.append((region.ars, above.ars, distance))
            above = by_key.get(above.parent) if above.parent else None
            distance += 1
    return rows
