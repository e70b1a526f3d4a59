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
    parents = {str(region.ars): str(region.parent or "") for region in regions}  # plain texts, as rows have them
    rows: list[tuple[str, str, int]] = []
    for ars in parents:
        above = ars
        distance = 0
        while above in parents:
            rows.append((ars, above, distance))
            above = parents[above]
            distance += 1
    return rows
