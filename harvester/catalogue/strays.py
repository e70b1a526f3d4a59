"""Regions that services name and the table of regions does not have: they are found by their key all the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from harvester.catalogue.findings import finding_row
from harvester.model import Ars

UNKNOWN = "unbekannt"
"""The kind of a region that only its key tells of."""

_HINT = (
    "Schlüssel prüfen: vertippt, aufgelöst oder neu? Leistungen dort sind nur über den Schlüssel zu finden."
    " / Check the key: mistyped, dissolved or new? Services there are found by the key alone."
)


def add_strays(db: sqlite3.Connection) -> None:
    """Add the regions that services hold in and nobody knows, below the nearest region above that the key tells."""
    missing = "SELECT DISTINCT ars FROM service_region WHERE ars NOT IN (SELECT ars FROM region) ORDER BY ars"
    for (key,) in db.execute(missing).fetchall():
        above = (
            db.execute("SELECT ars FROM region WHERE ars = ?", (parent,)).fetchone() for parent in Ars(key).parents
        )
        (parent,) = next(row for row in above if row)  # the Bund is above everything
        db.execute("INSERT INTO region VALUES (?, ?, ?, ?)", (key, key, UNKNOWN, parent))
        db.execute(
            "INSERT INTO region_ancestor SELECT ?1, ?1, 0"
            " UNION ALL SELECT ?1, ancestor_ars, distance + 1 FROM region_ancestor WHERE ars = ?2",
            (key, parent),
        )


def stray_findings(db: sqlite3.Connection) -> Iterator[tuple[str, ...]]:
    """Rows of ``finding``: each such region, and how many services hold there."""
    rows = db.execute(
        "SELECT r.ars, count(*), min(s.first_seen_at), min(s.source_id) FROM region r JOIN service_region v USING (ars)"
        " JOIN service s ON s.id = v.service_id WHERE r.kind = ? GROUP BY r.ars",
        (UNKNOWN,),
    )
    for key, services, since, source in rows.fetchall():
        told = "1 service holds" if services == 1 else f"{services} services hold"
        message = f"{told} in the region {key}, which is not in the table of regions (first met in {source})."
        yield finding_row("warning", "region.unknown", "region", key, message, _HINT, since)
