"""Put the addresses that editors accepted in the place of those that sources state."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from harvester.catalogue.findings import finding_row
from harvester.catalogue.rows import name_link
from harvester.links.accepted import Replacement, same_address

_HINT = "Den Eintrag entfernen: harvester links accept ADRESSE --undo / Take the entry out: harvester links accept ADDRESS --undo"


def replace_links(db: sqlite3.Connection, accepted: Mapping[str, Replacement]) -> None:
    """Let services lead to the accepted addresses; what the source states and why it is not shown stand beside them.

    The content hash of a service takes it in, so that the change feed tells it. Addresses that no service names any more
    go.
    """
    if not accepted:
        return
    for link_id, url in _candidates(db, accepted):
        found = accepted.get(same_address(url))
        if found is None or found.target == url:
            continue
        target, host = name_link(found.target)
        db.execute(
            "INSERT OR IGNORE INTO link (id, url, host, state) VALUES (?,?,?,'unchecked')", (target, found.target, host)
        )
        rows = db.execute("SELECT DISTINCT service_id FROM service_link WHERE link_id = ?", (link_id,)).fetchall()
        for (service_id,) in rows:
            (before,) = db.execute("SELECT content_hash FROM service WHERE id = ?", (service_id,)).fetchone()
            after = hashlib.blake2b(f"{before} {url} {found.target}".encode(), digest_size=16).hexdigest()
            db.execute("UPDATE service SET content_hash = ? WHERE id = ?", (after, service_id))
        db.execute(
            "UPDATE service_link SET link_id = ?, replaces = ?, replaced_because = ? WHERE link_id = ?",
            (target, url, found.reason, link_id),
        )
        db.execute("DELETE FROM link WHERE id = ?", (link_id,))


def _candidates(db: sqlite3.Connection, accepted: Mapping[str, Replacement]) -> list[tuple[str, str]]:
    """Links that may be meant: of the same hosts, or with the very text. To read all of a million addresses would take long."""
    hosts = {(urlsplit(url).hostname or "") for url in accepted if "//" in url} - {""}
    db.execute("CREATE TEMP TABLE asked (text TEXT PRIMARY KEY COLLATE NOCASE) WITHOUT ROWID")
    db.executemany("INSERT OR IGNORE INTO temp.asked VALUES (?)", [(text,) for text in (*hosts, *accepted)])
    rows = db.execute(
        "SELECT id, url FROM link WHERE host IN (SELECT text FROM temp.asked) OR url IN (SELECT text FROM temp.asked) ORDER BY url"
    ).fetchall()
    db.execute("DROP TABLE temp.asked")
    return rows


def accepted_findings(
    db: sqlite3.Connection, accepted: Mapping[str, Replacement], wrong: list[tuple[str, str]], since: str
) -> Iterator[tuple[str, ...]]:
    """Rows of ``finding``: decisions that cannot be read, and those about addresses that no source names now."""
    for place, problem in wrong:
        yield finding_row("warning", "link.accepted-invalid", "override", place, problem, "data/links/", since)
    used = {
        same_address(row[0]) for row in db.execute("SELECT DISTINCT replaces FROM service_link WHERE replaces <> ''")
    }
    for url, found in sorted(accepted.items()):
        if url not in used:
            message = (
                f"Keine Quelle nennt {found.decision.link}; die Entscheidung vom {found.decision.date:%d.%m.%Y} ruht."
            )
            yield finding_row("info", "link.accepted-gone", "override", url, message, _HINT, since)
