"""What is known of links, written into a catalogue: states, suggestions, substitutes, and the events of the change feed.

None of that is content of a source, so it is written anew into every build, and also where no service changed.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from sqlite_utils import Database

from harvester.catalogue.substitutes import elsewhere, write_substitutes
from harvester.links.write import write_states


def write_links(db: sqlite3.Connection, state: Database, at: datetime) -> None:
    """Bring all links of the catalogue ``db`` up to date with the state."""
    if state.conn.execute("SELECT 1 FROM link LIMIT 1").fetchone() is None:
        return  # nothing was ever checked, so there is nothing to look for among a million links
    _remember_suspects(db)
    write_states(state.conn, db, lambda texts: elsewhere(db, texts))
    write_substitutes(db)
    _add_events(db, state, at)
    db.execute("DROP TABLE temp.suspected")


def _remember_suspects(db: sqlite3.Connection) -> None:
    """Note in ``temp.suspected`` the links that the catalogue before called suspect: the attached one, or the one this is a copy of."""
    schemas = {row[1] for row in db.execute("PRAGMA database_list")}
    before = "previous" if "previous" in schemas else "main"
    db.execute("DROP TABLE IF EXISTS temp.suspected")
    db.execute(
        f"CREATE TEMP TABLE suspected AS SELECT id FROM {before}.link WHERE state <> 'ok' AND state = 'suspect'"
    )  # the first condition is that of the index


_WHERE = (
    "(SELECT group_concat(ars, ' ') FROM (SELECT DISTINCT r.ars FROM service_link sl JOIN service_region r USING (service_id)"
    " WHERE sl.link_id = l.id ORDER BY 1))"
)
"""Where the services hold that name a link."""

_LAST = "SELECT entity_id, kind, max(seq) FROM event WHERE entity = 'link' GROUP BY entity_id"


def _add_events(db: sqlite3.Connection, state: Database, at: datetime) -> None:
    """Say which links broke and which were mended since the feed last spoke of them.

    The feed itself is what is compared with: a link that was suspect in the build between is not mended twice.
    """
    row = state.conn.execute("SELECT max(id) FROM link_run WHERE ended_at IS NOT NULL AND void IS NULL").fetchone()
    who = (at.isoformat(), row[0] or "")
    db.execute(
        "INSERT INTO event (at, run_id, entity, entity_id, kind, field, old, new, regions)"
        " SELECT ?, ?, 'link', l.id, 'link_broken', 'state', CASE WHEN l.id IN (SELECT id FROM temp.suspected) THEN 'suspect'"
        " WHEN l.last_ok_at IS NULL THEN 'unchecked' ELSE 'ok' END, 'dead',"
        f" {_WHERE}"
        f" FROM link l LEFT JOIN ({_LAST}) e ON e.entity_id = l.id"
        " WHERE l.state = 'dead' AND coalesce(e.kind, '') <> 'link_broken' ORDER BY l.url",
        who,
    )
    db.execute(
        "INSERT INTO event (at, run_id, entity, entity_id, kind, field, old, new, regions)"
        f" SELECT ?, ?, 'link', l.id, 'link_fixed', 'state', 'dead', 'ok', {_WHERE}"
        f" FROM ({_LAST}) e JOIN link l ON l.id = e.entity_id"
        " WHERE e.kind = 'link_broken' AND l.state = 'ok' ORDER BY l.url",
        who,
    )
