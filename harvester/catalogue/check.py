"""Check a finished catalogue before anyone may read it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_SMOKE = (
    "SELECT count(*) FROM v_service_for_region WHERE ars = '055130000000' AND rank = 1",
    "SELECT count(*) FROM service_search WHERE service_search MATCH 'anmeldung OR ausweis'",
    "SELECT * FROM v_service_link LIMIT 1",
    "SELECT * FROM v_dead_links LIMIT 1",
    "SELECT * FROM v_without_link LIMIT 1",
    "SELECT * FROM v_unsorted LIMIT 1",
    "SELECT * FROM v_source_health LIMIT 1",
    "SELECT * FROM v_situation_counts WHERE ars = '055130000000' LIMIT 1",
)


_RENEWED = ("service", "link", "service_link", "run", "source", "finding", "event", "meta")
"""Tables that are written when a catalogue is renewed."""


def check_catalogue(file: Path, *, renewed: bool = False) -> list[str]:
    """Everything that is wrong with a catalogue, a sentence each; empty when it may be published.

    Of a ``renewed`` one, a copy of one that was checked when it was built, the written tables are checked whole, with what their
    indexes hold; the copied ones for their structure.
    """
    if not file.exists():
        return [f"{file} does not exist"]
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            return _check(db, renewed=renewed)
    except sqlite3.DatabaseError as error:
        return [f"{file} cannot be read: {error}"]


def _check(db: sqlite3.Connection, *, renewed: bool) -> list[str]:
    whole = [f"integrity_check({table})" for table in _RENEWED]
    pragmas = ["quick_check(10)", *whole] if renewed else ["integrity_check(10)"]
    problems = [
        f"integrity: {row[0]}" for pragma in pragmas for row in db.execute(f"PRAGMA {pragma}") if row[0] != "ok"
    ]
    problems += [
        f"foreign key: {row[0]} row {row[1]} refers to a missing {row[2]}"
        for row in db.execute("PRAGMA foreign_key_check").fetchmany(10)
    ]
    (mode,) = db.execute("PRAGMA journal_mode").fetchone()
    if mode == "wal":
        problems.append("journal mode WAL: readers would need files beside the catalogue")
    for query in _SMOKE:
        db.execute(query).fetchall()
    services, searchable = db.execute(
        "SELECT (SELECT count(*) FROM service), (SELECT count(*) FROM service_search)"
    ).fetchone()
    if services != searchable:
        problems.append(f"{services} services, but {searchable} of them can be searched")
    return problems
