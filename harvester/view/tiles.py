"""The tiles of a portal, each with the number of services that hold in a region."""

from __future__ import annotations

import sqlite3

_LIES = """
    SELECT DISTINCT t.tile_id, h.key, h.service_id FROM v_holding h
    CROSS JOIN service_situation g ON g.service_id = h.service_id
    CROSS JOIN situation_ancestor u ON u.situation_id = g.situation_id
    CROSS JOIN tile_situation t ON t.portal_id = :portal AND t.situation_id = u.ancestor_id
    WHERE h.ars = :ars
"""


def count_tiles(db: sqlite3.Connection, portal: str, ars: str) -> dict[str, tuple[str, int]]:
    """Title and number of different services (a LeiKa key counts once) of each tile by its id, in their order.

    What lies in no tile counts for the portal's rest.
    """
    told = {"portal": portal, "ars": ars}
    keys: dict[str, set[str]] = {}
    sorted_in: set[str] = set()
    for tile, key, service in db.execute(_LIES, told):
        keys.setdefault(tile, set()).add(key)
        sorted_in.add(service)
    held = db.execute("SELECT service_id, key FROM v_holding WHERE ars = :ars", told)
    rest = {key for service, key in held if service not in sorted_in}
    tiles = db.execute("SELECT id, title, kind FROM tile WHERE portal_id = :portal ORDER BY position", told)
    return {tile: (title, len(rest if kind == "rest" else keys.get(tile, ()))) for tile, title, kind in tiles}
