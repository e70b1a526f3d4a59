"""A dead link never reaches a citizen: what a portal offers instead, found in the catalogue itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

_UNUSABLE = (
    "l.state <> 'ok' AND (l.state = 'dead' OR l.outcome = 'invalid' OR l.code IN ('template', 'script-address'))"
)

_GOAL = ("apply", "form", "information")
"""Roles that stand in for each other: whoever cannot apply online is helped by the form, or by what to do instead."""

_BUTTONS = ("apply", "form")

_OWN = """
    SELECT l.url, '' AS name FROM service_link sl JOIN link l ON l.id = sl.link_id
    WHERE sl.service_id = :service AND l.id <> :link AND l.state = 'ok' AND sl.role IN (SELECT value FROM json_each(:roles))
      AND sl.ars IS NULL
    ORDER BY sl.role = :role DESC, sl.role = 'apply' DESC, sl.role = 'form' DESC, sl.position LIMIT 1
"""
_ABOVE = """
    SELECT l.url, coalesce(o.name, q.title) AS name
    FROM service_region mine
    JOIN region_ancestor a ON a.ars = mine.ars AND a.distance > 0
    JOIN service_region theirs ON theirs.ars = a.ancestor_ars
    JOIN service_key k ON k.service_id = theirs.service_id
    JOIN service_key own ON own.leika_key = k.leika_key AND own.service_id = mine.service_id
    JOIN service s ON s.id = theirs.service_id AND s.status <> 'withdrawn'
    JOIN source q ON q.id = s.source_id
    LEFT JOIN organisation o ON o.id = s.organisation_id
    JOIN service_link sl ON sl.service_id = s.id AND sl.role IN (SELECT value FROM json_each(:roles)) AND sl.ars IS NULL
    JOIN link l ON l.id = sl.link_id AND l.state = 'ok' AND l.id <> :link
    WHERE mine.service_id = :service AND theirs.service_id <> :service
    ORDER BY a.distance, sl.role = :role DESC, sl.role = 'apply' DESC, sl.role = 'form' DESC, s.id, sl.position LIMIT 1
"""


def write_substitutes(db: sqlite3.Connection) -> None:
    """Beside each link that cannot be used, write the best living one of the same service, or of the authority above.

    Only addresses that were seen alive count, and only roles that serve the same purpose. Of the service's own links only
    those stand in that help a person to apply: one piece of further information is none for another. A link that is stated
    for one region only stands in for none. The reason is German, as citizens read it.
    """
    db.execute("UPDATE service_link SET substitute = NULL, substitute_reason = NULL WHERE substitute IS NOT NULL")
    broken = f"SELECT sl.service_id, sl.position, sl.role, l.id FROM link l JOIN service_link sl ON sl.link_id = l.id WHERE {_UNUSABLE}"
    for service, position, role, link in db.execute(broken).fetchall():
        ways = [(_OWN, "andere Seite derselben Leistung")] if role in _BUTTONS else []
        for query, reason in (*ways, (_ABOVE, "dieselbe Leistung bei: ")):
            if found := db.execute(query, _asked(service, link, role)).fetchone():
                db.execute(
                    "UPDATE service_link SET substitute = ?, substitute_reason = ? WHERE service_id = ? AND position = ?",
                    (found[0], reason + found[1], service, position),
                )
                break


def elsewhere(db: sqlite3.Connection, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """For a dead link, by its spellings: living addresses of the same service at the authority above, with its name."""
    for text in texts:
        named = "SELECT DISTINCT sl.service_id, l.id, sl.role FROM link l JOIN service_link sl ON sl.link_id = l.id WHERE l.url = ?"
        for service, link, role in db.execute(named, (text,)).fetchall():
            if found := db.execute(_ABOVE, _asked(service, link, role)).fetchone():
                yield found[0], found[1]


def _asked(service: str, link: str, role: str) -> dict[str, str]:
    roles = _GOAL if role in _GOAL else (role,)
    return {"service": service, "link": link, "role": role, "roles": "[" + ",".join(f'"{r}"' for r in roles) + "]"}
