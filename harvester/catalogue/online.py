"""Links of online services: a service that an online service serves leads to it, where it serves it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from itertools import groupby

from harvester.catalogue.rows import name_link
from harvester.model import LinkRole


def drop_unknown_online_services(db: sqlite3.Connection) -> None:
    """Let links name no online service that nobody describes."""
    db.execute(
        "UPDATE service_link SET online_service_id = NULL WHERE online_service_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM online_service o WHERE o.id = online_service_id)"
    )


def add_online_links(db: sqlite3.Connection) -> None:
    """Add the links of online services (``temp.online_link``) to the services that competences say they serve (``temp.served``).

    A link that the service has itself is not repeated. One that is stated for a region holds there and in the regions inside
    it only. The service's content hash takes them in, so that the change feed tells when an application moves.
    """
    rows = db.execute(
        "SELECT p.service_id, p.online, p.ars, o.url, o.role, o.label, o.language"
        " FROM (SELECT DISTINCT p.service_id, t.online, t.ars FROM temp.served t"
        " JOIN service_source p ON p.source_id = t.source_id AND p.remote_id = t.remote_id) AS p"
        " JOIN temp.online_link o ON o.online = p.online ORDER BY p.service_id, p.online, p.ars, o.position"
    )
    for service_id, served in groupby(rows, key=lambda row: row[0]):
        _add(db, service_id, (row[1:] for row in served))
    db.execute("DROP TABLE temp.served")
    db.execute("DROP TABLE temp.online_link")


def _add(db: sqlite3.Connection, service_id: str, found: Iterable[tuple[str, str | None, str, str, str, str]]) -> None:
    """Add links: online service, region, address, role, label, language of each."""
    query = "SELECT link_id, ars, position FROM service_link WHERE service_id = ?"
    has = db.execute(query, (service_id,)).fetchall()
    known = {(link_id, ars) for link_id, ars, _ in has}
    position = max((row[2] for row in has), default=-1)
    (content,) = db.execute("SELECT content_hash FROM service WHERE id = ?", (service_id,)).fetchone()
    digest = hashlib.blake2b(content.encode(), digest_size=16)
    for name, ars, url, role, label, language in found:
        link_id, host = name_link(url)
        if not known.isdisjoint({(link_id, None), (link_id, ars)}):
            continue
        known.add((link_id, ars))
        position += 1
        db.execute("INSERT OR IGNORE INTO link (id, url, host, state) VALUES (?,?,?,'unchecked')", (link_id, url, host))
        row = (service_id, link_id, name, LinkRole(role), label, language, position, ars)
        db.execute("INSERT INTO service_link VALUES (?,?,?,?,?,?,?,NULL,NULL,?,NULL,NULL)", row)
        digest.update(repr(row).encode())
    db.execute("UPDATE service SET content_hash = ? WHERE id = ?", (digest.hexdigest(), service_id))
