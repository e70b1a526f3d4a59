"""Check a finished catalogue before anyone may read it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
        with ThreadPoolExecutor(1) as beside:  # SQLite looks at the pages of a large file on one processor only
            whole = beside.submit(_check_pages, file, renewed=renewed)
            problems = _check_content(file, renewed=renewed)
            return whole.result() + problems
    except sqlite3.DatabaseError as error:
        return [f"{file} cannot be read: {error}"]


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)


def _check_pages(file: Path, *, renewed: bool) -> list[str]:
    whole = [f"integrity_check({table})" for table in _RENEWED]
    pragmas = ["quick_check(10)", *whole] if renewed else ["integrity_check(10)"]
    with closing(_open(file)) as db:
        rows = [row[0] for pragma in pragmas for row in db.execute(f"PRAGMA {pragma}")]
    return [f"integrity: {row}" for row in rows if row != "ok"]


def _check_content(file: Path, *, renewed: bool) -> list[str]:
    with closing(_open(file)) as db:
        return list(_wrong_in(db, renewed=renewed))


def _wrong_in(db: sqlite3.Connection, *, renewed: bool) -> Iterator[str]:
    # The rows that copied tables refer to were copied as well: renewing removes links, runs and findings alone.
    pragmas = [f"foreign_key_check({table})" for table in _RENEWED] if renewed else ["foreign_key_check"]
    for row in (row for pragma in pragmas for row in db.execute(f"PRAGMA {pragma}").fetchmany(10)):
        yield f"foreign key: {row[0]} row {row[1]} refers to a missing {row[2]}"
    (mode,) = db.execute("PRAGMA journal_mode").fetchone()
    if mode == "wal":
        yield "journal mode WAL: readers would need files beside the catalogue"
    for query in _SMOKE:
        db.execute(query).fetchall()
    services, searchable = db.execute(
        "SELECT (SELECT count(*) FROM service), (SELECT count(*) FROM service_search)"
    ).fetchone()
    if services != searchable:
        yield (f"{services} services, but {searchable} of them can be searched")
