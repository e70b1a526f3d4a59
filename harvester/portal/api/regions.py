"""Regions: who is meant by a name or postal code, and what lies above and below."""

from __future__ import annotations

import sqlite3
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as InPath

from harvester.model import Model
from harvester.portal.api.parameters import TEXT
from harvester.portal.here import Here
from harvester.view.place import Place, UnknownRegionError, find_places, near_places

router = APIRouter(prefix="/regions", tags=["regions"])
Ars = Annotated[str, InPath(pattern=r"^[0-9]{12}$", description="Regional key (ARS).", examples=["055130000000"])]


class RegionItem(Model):
    """A region: its regional key (ARS), its name and what kind of region it is."""

    ars: str
    name: str
    kind: str


class RegionCandidate(RegionItem):
    """A region that may be meant, and what speaks for it."""

    because: str


class RegionsFound(Model):
    """All regions that go by what was asked, or those with a name near to it. Let people choose; never guess."""

    items: tuple[RegionCandidate, ...]
    near: tuple[RegionItem, ...]


class Region(RegionItem):
    """A region with those above it, the nearest first, and those directly below."""

    above: tuple[RegionItem, ...]
    below: tuple[RegionItem, ...]


@router.get("", operation_id="findRegions", summary="Regions by name, key or postal code")
def find_regions(
    here: Here,
    q: Annotated[
        str, Query(max_length=100, pattern=TEXT, description="Name, key (ARS, AGS) or postal code.", examples=["45879"])
    ],
) -> RegionsFound:
    """All regions that may be meant, each with its reason."""
    found = find_places(here.db, q)
    near = () if found else near_places(here.db, q)
    return RegionsFound(
        items=tuple(RegionCandidate(**_told(c.place), because=c.because) for c in found),
        near=tuple(RegionItem(**_told(place)) for place in near),
    )


@router.get("/{ars}", operation_id="getRegion", summary="A region, with those above and below")
def get_region(here: Here, ars: Ars) -> Region:
    """A region of the catalogue, by its key."""
    place = place_of(here.db, ars)
    above = here.db.execute(
        "SELECT r.ars, r.name, r.kind FROM region_ancestor a JOIN region r ON r.ars = a.ancestor_ars"
        " WHERE a.ars = ? AND a.distance > 0 ORDER BY a.distance",
        (ars,),
    )
    below = here.db.execute("SELECT ars, name, kind FROM region WHERE parent_ars = ? ORDER BY ars", (ars,))
    return Region(
        **_told(place),
        above=tuple(RegionItem(**dict(row)) for row in above),
        below=tuple(RegionItem(**dict(row)) for row in below),
    )


def place_of(db: sqlite3.Connection, ars: str) -> Place:
    """The region with a key.

    Raises:
        UnknownRegionError: there is none.
    """
    row = db.execute("SELECT ars, name, kind FROM region WHERE ars = ?", (ars,)).fetchone()
    if row is None:
        raise UnknownRegionError(f"no region {ars} in the catalogue; /api/v1/regions?q= finds them by name")
    return Place(*row)


def _told(place: Place) -> dict[str, str]:
    return {"ars": place.ars, "name": place.name, "kind": place.kind}
