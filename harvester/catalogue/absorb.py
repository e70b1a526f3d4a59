"""Take over into the state what a published catalogue says: its events, and which service each record is in."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from harvester.merge import SEVERAL_KEYS


def absorb(state: Database, catalogue: Path, *, renewed: bool = False) -> None:
    """Take over what the state does not know yet; nothing, if it knows this catalogue.

    Called after every publication, and before every build for a process that died in between. ``renewed``: it is a copy of one
    taken over before with other times, so that the same records are in the same services.
    """
    conn = state.conn
    conn.execute("ATTACH ? AS published", (str(catalogue),))
    try:
        conn.execute("BEGIN IMMEDIATE")
        if conn.execute(f"SELECT 1 FROM main.build WHERE id = {_BUILD}").fetchone() is None:
            _take_events(state)
            if not renewed:
                _take_identities(state)
            _note(state)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
    finally:
        conn.execute("DETACH published")


_BUILD = "(SELECT value FROM published.meta WHERE key = 'build_id')"


def _take_events(state: Database) -> None:
    conn = state.conn
    columns = "seq, at, run_id, entity, entity_id, kind, field, old, new"
    if conn.execute("SELECT 1 FROM pragma_table_info('event', 'published') WHERE name = 'regions'").fetchone():
        columns += ", regions"  # a catalogue of an earlier version has none
    conn.execute(
        f"INSERT INTO main.event ({columns}) SELECT {columns} FROM published.event"
        " WHERE seq > (SELECT coalesce(max(seq), 0) FROM main.event)"
    )


def _take_identities(state: Database) -> None:
    conn = state.conn
    conn.execute(
        """
        INSERT OR IGNORE INTO main.identity_before (source_id, remote_id, service_id, slug)
        SELECT i.source_id, i.remote_id, i.service_id, i.slug FROM published.service_source p
        JOIN main.identity i ON i.source_id = p.source_id AND i.remote_id = p.remote_id
        WHERE p.reason <> ? AND i.service_id <> p.service_id
        """,
        (SEVERAL_KEYS,),
    )
    conn.execute(
        """
        INSERT INTO main.identity (source_id, remote_id, service_id, slug, first_seen_at)
        SELECT p.source_id, p.remote_id, p.service_id, s.slug, s.first_seen_at
        FROM published.service_source p JOIN published.service s ON s.id = p.service_id
        LEFT JOIN main.identity i ON i.source_id = p.source_id AND i.remote_id = p.remote_id
        WHERE p.reason <> ? AND i.service_id IS NOT p.service_id
        ON CONFLICT (source_id, remote_id) DO UPDATE SET service_id = excluded.service_id, slug = excluded.slug
        """,
        (SEVERAL_KEYS,),
    )


def _note(state: Database) -> None:
    state.conn.execute(
        f"INSERT INTO main.build SELECT {_BUILD}, value, (SELECT count(*) FROM published.service)"
        " FROM published.meta WHERE key = 'built_at'"
    )
