"""What changed between two catalogues, as a sequence that portals follow.

Events are derived while a catalogue is built, by comparing it with the published one, and live in the catalogue itself.
The state takes them over only from a catalogue that was published (``absorb``), so that a build which is thrown away, or
a process that dies at any moment, leaves no event of something that never happened and loses none that did.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
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
    columns = "seq, at, run_id, entity, entity_id, kind, field, old, new, regions"
    past = state.conn.execute(f"SELECT {columns} FROM event ORDER BY seq")
    db.executemany(f"INSERT INTO event ({columns}) VALUES (?,?,?,?,?,?,?,?,?,?)", past)
    (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    runs = dict(state.conn.execute("SELECT source_id, max(id) FROM run GROUP BY source_id").fetchall())
    if not previous:
        _remember(db)
    rows = (  # written as they come: in a first build every service is new
        (at.isoformat(), runs.get(source, ""), sid, kind, change.field, _short(change.old), _short(change.new))
        for source, sid, kind, change in differences(db, "previous" if previous else "temp", fields=previous)
    )
    db.executemany(
        "INSERT INTO event (at, run_id, entity, entity_id, kind, field, old, new) VALUES (?, ?, 'service', ?, ?, ?, ?, ?)",
        rows,
    )
    _add_regions(db, last, "previous" if previous else "main")
    db.execute("DROP TABLE IF EXISTS temp.service")


def _add_regions(db: sqlite3.Connection, last: int, before: str) -> None:
    """Write into the events after ``last`` where their services hold or held: of one that is gone nothing else tells it."""
    held = " UNION ".join(
        f"SELECT ars FROM {schema}.service_region WHERE service_id = event.entity_id"
        for schema in dict.fromkeys(("main", before))
    )
    db.execute(
        f"UPDATE main.event SET regions = (SELECT group_concat(ars, ' ') FROM ({held} ORDER BY 1))"
        " WHERE seq > ? AND entity = 'service'",
        (last,),
    )


def _remember(db: sqlite3.Connection) -> None:
    """Where the published catalogue is lost, the events of the past still tell which services it had."""
    db.execute(
        """
        CREATE TEMP TABLE service AS
        SELECT entity_id AS id, new AS title, '' AS source_id, '' AS content_hash FROM (
            SELECT entity_id, kind, new, max(seq) FROM event
            WHERE entity = 'service' AND kind IN ('created', 'removed') GROUP BY entity_id)
        WHERE kind = 'created'
        """
    )
    db.execute("CREATE INDEX temp.service_id ON service (id)")


def differences(db: sqlite3.Connection, before: str, *, fields: bool) -> Iterator[tuple[str, str, str, Change]]:
    """Source, service, kind and change of the catalogue ``main`` against the schema ``before``, in the order of identifiers.

    Without ``fields`` only what came and went.
    """
    columns = "SELECT id, title, source_id FROM"
    gone = f"{columns} {before}.service o WHERE id NOT IN (SELECT id FROM main.service) ORDER BY id"
    for sid, title, source in db.execute(gone).fetchall():
        yield source, sid, "removed", Change("", title, None)
    new = f"{columns} main.service n WHERE id NOT IN (SELECT id FROM {before}.service) ORDER BY id"
    for sid, title, source in db.execute(new):
        yield source, sid, "created", Change("", None, title)
    if fields:
        yield from _changes(db, before)
        yield from _moves(db, before)


def _changes(db: sqlite3.Connection, before: str) -> Iterator[tuple[str, str, str, Change]]:
    other = (
        f"SELECT n.id, n.source_id FROM main.service n JOIN {before}.service o USING (id)"
        " WHERE n.content_hash <> o.content_hash ORDER BY 1"
    )
    for sid, source in db.execute(other).fetchall():
        old, new = _fields(db, before, sid), _fields(db, "main", sid)
        for name in sorted(old.keys() | new.keys()):
            (was, told), (now, tells) = old.get(name, _NOTHING), new.get(name, _NOTHING)
            if was != now:
                change = (was, now) if told == tells else (told, tells)
                yield source, sid, "changed", Change(name, *change)


def _moves(db: sqlite3.Connection, before: str) -> Iterator[tuple[str, str, str, Change]]:
    """Services that lie in other life situations than before, for whatever reason: the source, a decision, better rules.

    A scheme that the catalogue before did not have is no move.
    """
    known = f"situation_id IN (SELECT id FROM {before}.situation)"
    pairs = f"SELECT service_id, situation_id FROM {{}}.service_situation WHERE {known}"
    old, new = pairs.format(before), pairs.format("main")
    moved = f"""
        SELECT n.id, n.source_id FROM main.service n JOIN {before}.service o USING (id) WHERE id IN
        (SELECT service_id FROM ({old} EXCEPT {new}) UNION SELECT service_id FROM ({new} EXCEPT {old})) ORDER BY 1
    """
    for sid, source in db.execute(moved).fetchall():
        was, now = (
            " ".join(
                row[0]
                for row in db.execute(f"SELECT situation_id FROM ({some}) WHERE service_id = ? ORDER BY 1", (sid,))
            )
            for some in (old, new)
        )
        yield source, sid, "recategorised", Change("situations", was or None, now or None)


_NOTHING = (None, None)


def _fields(db: sqlite3.Connection, schema: str, sid: str) -> dict[str, tuple[str, str]]:
    """Everything that tells a citizen something of a service: titles, keys, regions, texts, links; life situations have their own events.

    Each value as it is compared and as it is told: of a text the latter has no markup.
    """
    columns = ("title", "official_title", "audience", "level", "language", "organisation_id")
    row = db.execute(f"SELECT {', '.join(columns)} FROM {schema}.service WHERE id = ?", (sid,)).fetchone()
    fields = {name: (value, value) for name, value in zip(columns, row, strict=True) if value}
    texts = (_STATED if _has_modules(db, schema) else _TOLD).format(schema=schema)
    fields |= {f"texts/{module}/{lang}": (html, text) for lang, module, html, text in db.execute(texts, (sid,))}
    lists = {
        "leika_keys": f"SELECT leika_key FROM {schema}.service_key WHERE service_id = ? AND origin = 'source' ORDER BY 1",
        "regions": f"SELECT ars FROM {schema}.service_region WHERE service_id = ? ORDER BY 1",
    }
    for name, query in lists.items():
        if values := [value for (value,) in db.execute(query, (sid,))]:
            fields[name] = (" ".join(values),) * 2
    links = (
        f"SELECT role, url, label FROM {schema}.service_link sl JOIN {schema}.link l ON l.id = sl.link_id"
        " WHERE service_id = ? ORDER BY position"
    )
    for role, url, label in db.execute(links, (sid,)):
        told, before = f"{url} {label}".rstrip(), fields.get(f"links/{role}")
        fields[f"links/{role}"] = (f"{before[0]}\n{told}" if before else told,) * 2
    return fields


_TOLD = "SELECT language, module, html, text FROM {schema}.service_text WHERE service_id = ?"
_STATED = """
    SELECT t.language, t.module, coalesce(t.html, h.html), coalesce(t.text, h.text)
    FROM {schema}.text_module t LEFT JOIN {schema}.text_module h
    ON h.service_id = t.same_as AND h.module = t.module AND h.language = t.language WHERE t.service_id = ?
"""
"""Only what its own sources state: a change of the base description is told once, of the base."""


def _has_modules(db: sqlite3.Connection, schema: str) -> bool:
    """A catalogue of an earlier version has none."""
    return db.execute(f"SELECT 1 FROM {schema}.sqlite_master WHERE name = 'text_module'").fetchone() is not None


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= _LONGEST else value[:_LONGEST] + "…"
