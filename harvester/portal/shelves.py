"""The shelves of the build that is published, as far as somebody asked for them."""

from __future__ import annotations

from harvester.portal.published import Reading
from harvester.portal.remembered import remembered
from harvester.portal.shelf import Entry, Shelf, fill_shelf, read_above, read_layer
from harvester.portal.situations import Situations, read_situations


def shelf_of(here: Reading, regions: tuple[str, ...]) -> Shelf:
    """What holds in the regions (ARS); empty for regions the catalogue does not know."""
    return remembered(here.build_id, ("shelf", regions), lambda: _fill(here, regions))


def situations_of(here: Reading, portal: str) -> Situations:
    """The taxonomies and the portal's tiles."""
    return remembered(here.build_id, ("situations", portal), lambda: read_situations(here.db, portal))


def _fill(here: Reading, regions: tuple[str, ...]) -> Shelf:
    places = []
    for ars in regions:
        rows = here.db.execute(
            "SELECT distance, ancestor_ars FROM region_ancestor WHERE ars = ? ORDER BY distance", (ars,)
        ).fetchall()
        places.append((ars, [(distance, _layer(here, above)) for distance, above in rows]))
    return fill_shelf(places)


def _layer(here: Reading, ars: str) -> tuple[Entry, ...]:
    above = remembered(here.build_id, "above", lambda: read_above(here.db))
    return remembered(here.build_id, ("layer", ars), lambda: read_layer(here.db, ars, above))
