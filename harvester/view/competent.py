"""Who answers for a service in a region."""

from __future__ import annotations

import sqlite3
from typing import Literal

from harvester.model import Model


class Competent(Model):
    """An office with what makes it competent.

    ``precision`` is ``exact`` where somebody states its competence for this very region, ``parent`` where for a region above it,
    and ``assumed`` where the description names the office but nobody states a competence.
    """

    id: str
    name: str
    role: Literal["responsible", "contact"]
    precision: Literal["exact", "parent", "assumed"]
    homepage: str | None
    phone: str | None
    email: str | None
    address: str | None


# CROSS JOIN: from the few services that are looked at, whatever the statistics of temp.here (there are none) make of it.
_OFFICES = """
    SELECT ars, sid, role, precision, o.id, o.name, o.homepage, o.phone, o.email, o.address FROM (
        SELECT *, row_number() OVER (PARTITION BY ars, sid ORDER BY tier, distance, rank, role = 'responsible' DESC, office) AS place
        FROM (
            SELECT f.ars, f.service_id AS sid, c.organisation_id AS office, c.role, a.distance, d.rank,
                   iif(a.distance = 0, 'exact', 'parent') AS precision,
                   CASE WHEN a.distance = 0 THEN 1 WHEN d.rank = 1 THEN 2 ELSE 4 END AS tier
            FROM temp.here f CROSS JOIN temp.here d ON d.ars = f.ars AND d.key = f.key
            CROSS JOIN competence c ON c.service_id = d.service_id
            CROSS JOIN region_ancestor a ON a.ars = f.ars AND a.ancestor_ars = c.ars
            WHERE f.rank = 1
            UNION ALL
            SELECT f.ars, f.service_id, s.organisation_id, 'responsible', 0, 1, 'assumed', 3
            FROM temp.here f JOIN service s ON s.id = f.service_id
            WHERE f.rank = 1 AND s.organisation_id IS NOT NULL
        )
    ) JOIN organisation o ON o.id = office WHERE place = 1
"""


def competent_offices(db: sqlite3.Connection) -> dict[tuple[str, str], Competent]:
    """The competent office for each region and service of ``temp.here``, as far as it is known.

    In this order: who is stated for this very region, who is stated for a region above by the most specific description,
    whom that description names, who is stated for a region above by a less specific description of the same LeiKa key. The
    nearest statement counts, and the responsible office before one that only advises.
    """
    return {
        (row[0], row[1]): Competent.model_construct(
            role=row[2],
            precision=row[3],
            id=row[4],
            name=row[5],
            homepage=row[6],
            phone=row[7],
            email=row[8],
            address=row[9],
        )
        for row in db.execute(_OFFICES)
    }
