"""The links of services in a region, with their states, and the best living substitute for each dead one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from harvester.model import Model


class Substitute(Model):
    """Where to send people instead of a dead link, and why there."""

    url: str
    because: str


class RegionLink(Model):
    """A link of a service. ``stated_by`` is the description it stands in. Times are UTC ISO 8601.

    ``state`` is ok, suspect, dead or unchecked; ``usable`` says whether a portal may show it as a button.
    """

    url: str
    role: str
    label: str
    language: str
    state: str
    outcome: str | None
    since: str | None
    stated_by: str
    online_service: str | None
    usable: bool
    substitute: Substitute | None


_LINKS = """
    SELECT DISTINCT f.service_id AS sid, d.rank, d.service_id AS stated_by, sl.position, sl.role, sl.label, sl.language,
           sl.online_service_id, l.url, l.state, l.outcome, l.since, l.suggestion
    FROM temp.here f JOIN temp.here d ON d.ars = f.ars AND d.key = f.key
    JOIN service_link sl ON sl.service_id = d.service_id JOIN link l ON l.id = sl.link_id
    WHERE f.rank = 1 ORDER BY sid, d.rank, stated_by, sl.position
"""
_STATES = {"ok": 0, "unchecked": 1, "suspect": 2}


def region_links(db: sqlite3.Connection) -> dict[str, list[RegionLink]]:
    """Links by service of ``temp.here``: its own, then those of less specific descriptions that lead elsewhere."""
    rows: dict[str, dict[tuple[str, str, str], sqlite3.Row]] = {}
    for row in db.execute(_LINKS):
        rows.setdefault(row["sid"], {}).setdefault((row["url"], row["role"], row["language"]), row)
    return {sid: [_link(row, tuple(of.values())) for row in of.values()] for sid, of in rows.items()}


def _link(row: sqlite3.Row, among: Sequence[sqlite3.Row]) -> RegionLink:
    return RegionLink(
        url=row["url"],
        role=row["role"],
        label=row["label"],
        language=row["language"],
        state=row["state"],
        outcome=row["outcome"],
        since=row["since"],
        stated_by=row["stated_by"],
        online_service=row["online_service_id"],
        usable=is_usable(row),
        substitute=None if is_usable(row) else substitute_for(row, among),
    )


def is_usable(row: sqlite3.Row) -> bool:
    """Whether a link may be shown: not dead, and an address at all."""
    return bool(row["state"] != "dead" and row["outcome"] != "invalid")


def substitute_for(dead: sqlite3.Row, among: Sequence[sqlite3.Row]) -> Substitute | None:
    """The best living link in the place of a dead one.

    In this order: what the link check proposes, a link with the same role, a page with information. Of several the one that
    works by the last check, in the same language, of the nearest description.
    """
    if dead["suggestion"]:
        return Substitute(url=dead["suggestion"], because="suggested by the link check")
    living = [row for row in among if is_usable(row) and row["url"] != dead["url"]]
    for role in dict.fromkeys((dead["role"], "information")):
        same = [row for row in living if row["role"] == role]
        if same:
            best = min(
                same,
                key=lambda row: (
                    _STATES.get(row["state"], 9),
                    row["language"] != dead["language"],
                    row["rank"],
                    row["position"],
                ),
            )
            told = "another link of the same role" if role == dead["role"] else "a page with information instead"
            other = "" if best["stated_by"] == dead["stated_by"] else f", from {best['stated_by']}"
            return Substitute(url=best["url"], because=f"{told}{other}")
    return None
