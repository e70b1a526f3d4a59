"""Links of online services: a service that an online service serves leads to it, where it serves it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from itertools import groupby

from harvester.catalogue.rows import name_link
from harvester.model import Link


def add_online_links(db: sqlite3.Connection, online: Mapping[str, tuple[Link, ...]]) -> None:
    """Add the links of the online services that competences name (``temp.served``) to the services they serve.

    A link that the service has itself is not repeated. One that is stated for a region holds there and in the regions inside
    it only. The service's content hash takes them in, so that the change feed tells when an application moves.
    """
    rows = db.execute(
        "SELECT DISTINCT p.service_id, t.online, t.ars FROM temp.served t"
        " JOIN service_source p ON p.source_id = t.source_id AND p.remote_id = t.remote_id ORDER BY 1, 2, 3"
    ).fetchall()
    for service_id, served in groupby(rows, key=lambda row: row[0]):
        _add(db, service_id, [(name, ars, link) for _, name, ars in served for link in online[name]])
    db.execute("DROP TABLE temp.served")


def _add(db: sqlite3.Connection, service_id: str, found: list[tuple[str, str | None, Link]]) -> None:
    query = "SELECT link_id, ars, position FROM service_link WHERE service_id = ?"
    has = db.execute(query, (service_id,)).fetchall()
    known = {(link_id, ars) for link_id, ars, _ in has}
    position = max((row[2] for row in has), default=-1)
    (content,) = db.execute("SELECT content_hash FROM service WHERE id = ?", (service_id,)).fetchone()
    digest = hashlib.blake2b(content.encode(), digest_size=16)
    for name, ars, link in found:
        link_id, host = name_link(link.url)
        if link.template or not known.isdisjoint({(link_id, None), (link_id, ars)}):
            continue
        known.add((link_id, ars))
        position += 1
        db.execute(
            "INSERT OR IGNORE INTO link (id, url, host, state) VALUES (?,?,?,'unchecked')", (link_id, link.url, host)
        )
        row = (service_id, link_id, name, link.role, link.label, link.language, position, ars)
        db.execute("INSERT INTO service_link VALUES (?,?,?,?,?,?,?,NULL,NULL,?,NULL,NULL)", row)
        digest.update(repr(row).encode())
    db.execute("UPDATE service SET content_hash = ? WHERE id = ?", (digest.hexdigest(), service_id))
