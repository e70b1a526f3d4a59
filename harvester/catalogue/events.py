"""What changed between two catalogues, as a sequence that portals follow.

Events are derived while a catalogue is built, by comparing it with the published one, and live in the catalogue itself. The
state takes them over only from a catalogue that was published (``absorb``), so that a build which is thrown away, or a process
that dies at any moment, leaves no event of something that never happened and loses none that did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

_LONGEST = 2000
"""Characters of an old or new value that an event keeps; the catalogue has the whole."""


class Change(NamedTuple):
    """One field of one service: its value before and after, None where there was or is none."""

    field: str
    old: str | None
    new: str | None


def add_events(db: sqlite3.Connection, state: Database, at: datetime, *, previous: bool) -> None:
    """Write all events into the catalogue ``db``: those of the past, and what changed against the attached ``previous``."""
    columns = "seq, at, run_id, entity, entity_id, kind, field, old, new"
    past = state.conn.execute(f"SELECT {columns} FROM event ORDER BY seq")
    db.executemany("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?)", past)
    runs = dict(state.conn.execute("SELECT source_id, max(id) FROM run GROUP BY source_id").fetchall())
    insert = "INSERT INTO event (at, run_id, entity, entity_id, kind, field, old, new) VALUES (?, ?, 'service', ?, ?, ?, ?, ?)"
    rows = _differences(db) if previous else _beginning(db)
    told = ((at.isoformat(), runs.get(source, ""), sid, kind, *change) for source, sid, kind, change in rows)
    db.executemany(insert, list(told))


def absorb(state: Database, catalogue: Path) -> None:
    """Take over what a published catalogue says and the state does not know yet: events, and identifiers of services.

    Harmless when there is nothing to take; called after every publication and before every build.
    """
    conn = state.conn
    conn.execute("ATTACH ? AS published", (str(catalogue),))
    try:
        conn.execute("BEGIN IMMEDIATE")
        conn.execute(
            "INSERT INTO event SELECT seq, at, run_id, entity, entity_id, kind, field, old, new FROM published.event"
            " WHERE seq > (SELECT coalesce(max(seq), 0) FROM main.event)"
        )
        conn.execute(
            "INSERT OR IGNORE INTO identity SELECT p.source_id, p.remote_id, p.service_id, s.slug, s.first_seen_at"
            " FROM published.service_source p JOIN published.service s ON s.id = p.service_id"
            " LEFT JOIN identity i ON i.source_id = p.source_id AND i.remote_id = p.remote_id"
            " WHERE p.reason <> 'page serves several keys' AND i.service_id IS NULL"
        )
        conn.execute("COMMIT")
    except BaseException:
        conn.execute("ROLLBACK")
        raise
    finally:
        conn.execute("DETACH published")


def _beginning(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, Change]]:
    for sid, title, source in db.execute("SELECT id, title, source_id FROM service ORDER BY id"):
        yield source, sid, "created", Change("", None, title)


def _differences(db: sqlite3.Connection) -> Iterator[tuple[str, str, str, Change]]:
    """Source, service, kind and change, in the order of identifiers."""
    gone = "SELECT id, title, source_id FROM previous.service o WHERE NOT EXISTS (SELECT 1 FROM service n WHERE n.id = o.id) ORDER BY id"
    for sid, title, source in db.execute(gone).fetchall():
        yield source, sid, "removed", Change("", title, None)
    new = "SELECT id, title, source_id FROM service n WHERE NOT EXISTS (SELECT 1 FROM previous.service o WHERE o.id = n.id) ORDER BY id"
    for sid, title, source in db.execute(new).fetchall():
        yield source, sid, "created", Change("", None, title)
    other = "SELECT n.id, n.source_id FROM service n JOIN previous.service o USING (id) WHERE n.content_hash <> o.content_hash ORDER BY 1"
    for sid, source in db.execute(other).fetchall():
        before, after = _fields(db, "previous", sid), _fields(db, "main", sid)
        fields = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        for name in fields or [""]:
            yield source, sid, "changed", Change(name, _short(before.get(name)), _short(after.get(name)))


def _fields(db: sqlite3.Connection, schema: str, sid: str) -> dict[str, str]:
    """Everything a citizen reads of a service: titles, keys, texts and links."""
    fields: dict[str, str] = {}
    columns = "title, official_title, leika_key, audience"
    values = db.execute(f"SELECT {columns} FROM {schema}.service WHERE id = ?", (sid,)).fetchone()
    fields |= {name: value for name, value in zip(columns.split(", "), values, strict=True) if value}
    for language, module, text in db.execute(
        f"SELECT language, module, text FROM {schema}.service_text WHERE service_id = ?", (sid,)
    ):
        fields[f"texts/{module}/{language}"] = text
    links = f"SELECT role, url FROM {schema}.service_link sl JOIN {schema}.link l ON l.id = sl.link_id WHERE service_id = ? ORDER BY position"
    for role, url in db.execute(links, (sid,)):
        fields[f"links/{role}"] = f"{fields[f'links/{role}']}\n{url}" if f"links/{role}" in fields else url
    return fields


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= _LONGEST else value[:_LONGEST] + "…"
