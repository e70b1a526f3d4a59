"""The shelves of the build that is published, as far as somebody asked for them."""

from __future__ import annotations

from harvester.portal.published import Reading
from harvester.portal.remembered import remembered
from harvester.portal.shelf import EMPTY, Shelf, lay_upon, put_together, read_above, read_layer
from harvester.portal.situations import Situations, read_situations


def shelf_of(here: Reading, regions: tuple[str, ...]) -> Shelf:
    """What holds in the regions (ARS); empty for regions the catalogue does not know."""
    return remembered(here.build_id, ("shelf", regions), lambda: _fill(here, regions))


def situations_of(here: Reading, portal: str) -> Situations:
    """The taxonomies and the portal's tiles."""
    return remembered(here.build_id, ("situations", portal), lambda: read_situations(here.db, portal))


def _fill(here: Reading, regions: tuple[str, ...]) -> Shelf:
    if len(regions) != 1:
        return put_together({ars: shelf_of(here, (ars,)) for ars in regions})
    above = here.db.execute(
        "SELECT ancestor_ars FROM region_ancestor WHERE ars = ? AND distance = 1", regions
    ).fetchone()
    below = shelf_of(here, (above[0],)) if above else EMPTY
    lies = remembered(here.build_id, "above", lambda: read_above(here.db))
    return lay_upon(below, read_layer(here.db, regions[0], lies))
