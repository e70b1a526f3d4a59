"""Postal codes: which regions offices with such an address speak of.

There is no free list of postal codes with regional keys in this project, and postal codes do not follow the borders of
municipalities. So what is known is what offices say of themselves: "45657 Recklinghausen" in an address is evidence that
the code belongs to a municipality of that name. Several answers are several candidates; a code no office has is unknown.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter

_PLACE = r"(?<!\d){code}\s+([^\W\d_][^,;\n]*)"
_MUNICIPAL = ("Gemeinde", "Stadt", "kreisfreie Stadt", "Stadtstaat", "Bezirk")


def places_of_postal_code(db: sqlite3.Connection, code: str) -> list[tuple[str, str]]:
    """Keys of the municipalities that addresses with the code name, each with what speaks for it, in the order of keys.

    Of municipalities of the same name those count that lie in, around or above the office's own region, if there are any.
    """
    told: Counter[str] = Counter()
    rows = db.execute(
        "SELECT address, region FROM organisation WHERE address GLOB ? ORDER BY id", (f"*{code}*",)
    ).fetchall()
    for address, region in rows:
        for name in re.findall(_PLACE.format(code=code), address):
            told.update(_named(db, name.strip(), region))
    return [
        (ars, f"{count} office{'' if count == 1 else 's'} with the postal code {code}")
        for ars, count in sorted(told.items())
    ]


def _named(db: sqlite3.Connection, name: str, region: str | None) -> set[str]:
    marks = ", ".join("?" * len(_MUNICIPAL))
    query = f"SELECT ars FROM region WHERE name = ? COLLATE NOCASE AND kind IN ({marks})"
    found = {row[0] for row in db.execute(query, (name, *_MUNICIPAL))}
    related = {
        row[0]
        for row in db.execute(
            "SELECT ars FROM region_ancestor WHERE ancestor_ars = ?1 UNION SELECT ancestor_ars FROM region_ancestor WHERE ars = ?1",
            (region or "",),
        )
    }
    return found & related or found
