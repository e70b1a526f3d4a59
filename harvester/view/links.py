"""The links of services in a region, with their states, and the substitute for each that cannot be used."""

from __future__ import annotations

import sqlite3

from harvester.model import Model


class Substitute(Model):
    """Where to send people instead, and why there, in German as citizens read it."""

    url: str
    because: str


class RegionLink(Model):
    """A link of a service. ``stated_by`` is the description it stands in. Times are UTC ISO 8601.

    Where ``ars`` is given, it holds there and in the regions inside only; with several regions in view, show it in those alone.

    ``state`` is ok, suspect, dead or unchecked; ``usable`` says whether a portal may show it as a button. One that is not may
    have a ``substitute`` that is alive (table ``service_link``).
    """

    url: str
    role: str
    label: str
    language: str
    state: str
    outcome: str | None
    since: str | None
    last_checked_at: str | None
    stated_by: str
    online_service: str | None
    usable: bool
    ars: str | None
    substitute: Substitute | None


_LINKS = """
    SELECT DISTINCT f.service_id AS sid, d.rank, d.service_id AS stated_by, l.position, l.role, l.label, l.language,
           l.online_service_id, l.stated_url, l.url IS l.stated_url AS usable, l.state, l.outcome, l.since,
           l.last_checked_at, l.substitute,
           l.substitute_reason, l.ars
    FROM temp.here f CROSS JOIN temp.here d ON d.ars = f.ars AND d.key = f.key
    CROSS JOIN v_service_link l ON l.service_id = d.service_id
    WHERE f.rank = 1 AND (l.ars IS NULL OR EXISTS (
        SELECT 1 FROM region_ancestor x WHERE x.ars = f.ars AND x.ancestor_ars = l.ars))
    ORDER BY sid, d.rank, stated_by, l.position
"""


def region_links(db: sqlite3.Connection) -> dict[str, list[RegionLink]]:
    """Links by service of ``temp.here``: its own, then those of less specific descriptions that lead elsewhere."""
    found: dict[str, dict[tuple[str, str, str, str | None], RegionLink]] = {}
    for row in db.execute(_LINKS):
        links = found.setdefault(row["sid"], {})
        links.setdefault((row["stated_url"], row["role"], row["language"], row["ars"]), _link(row))
    return {sid: list(links.values()) for sid, links in found.items()}


def _link(row: sqlite3.Row) -> RegionLink:
    usable = bool(row["usable"])
    instead = None
    if not usable and row["substitute"]:
        instead = Substitute(url=row["substitute"], because=row["substitute_reason"])
    return RegionLink(
        url=row["stated_url"],
        role=row["role"],
        label=row["label"],
        language=row["language"],
        state=row["state"],
        outcome=row["outcome"],
        since=row["since"],
        last_checked_at=row["last_checked_at"],
        stated_by=row["stated_by"],
        online_service=row["online_service_id"],
        usable=usable,
        ars=row["ars"],
        substitute=instead,
    )
