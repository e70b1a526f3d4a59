"""The build gate: a catalogue that lost too much against the published one is not published unasked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

_FEWEST = 10
"""Losses smaller than this are an editor's everyday work, whatever share they are."""


def compare_builds(new: Path, published: Path, *, max_drop: float, excused: Collection[str] = ()) -> list[str]:
    """What a new catalogue lost too much of, a sentence each: services of a level or a source, links, all services.

    A service counts for every source that it was made from, so that sources whose services grow together lose nothing.
    ``excused`` are sources whose loss a person has approved; they count for no level either.
    """
    with closing(sqlite3.connect(f"file:{new}?mode=ro", uri=True)) as db:
        db.execute("ATTACH ? AS old", (f"file:{published}?mode=ro",))
        besides = json.dumps(sorted(excused))
        problems = [
            f"{what} {name}: {after} services instead of {before}"
            for what, column in (("source", "id"), ("level", "level"))
            for name, before, after in db.execute(_COUNTS.format(column=column), (besides, besides))
            if _lost(before, after, max_drop)
        ]
        if not excused:
            services, links = (_both(db, table) for table in ("service", "link"))
            if services[0] and not services[1]:
                problems.append(f"the whole catalogue: 0 services instead of {services[0]}")
            if _lost(*links, max_drop):
                problems.append(f"addresses: {links[1]} instead of {links[0]}")
    return problems


_COUNT = """
    SELECT s.{{column}} AS name, count(DISTINCT p.service_id) AS n
    FROM {schema}.service_source p JOIN {schema}.source s ON s.id = p.source_id
    WHERE s.id NOT IN (SELECT value FROM json_each(?)) GROUP BY 1
"""
_COUNTS = f"""
    SELECT o.name, o.n, coalesce(m.n, 0) FROM ({_COUNT.format(schema="old")}) o
    LEFT JOIN ({_COUNT.format(schema="main")}) m USING (name) ORDER BY 1
"""


def _both(db: sqlite3.Connection, table: str) -> tuple[int, int]:
    before, after = db.execute(
        f"SELECT (SELECT count(*) FROM old.{table}), (SELECT count(*) FROM main.{table})"
    ).fetchone()
    return before, after


def _lost(before: int, after: int, max_drop: float) -> bool:
    gone = before - after
    return gone >= _FEWEST and gone / before > max_drop
