"""The build gate: a catalogue that lost too much against the published one is not published unasked."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

_FEWEST = 10
"""Losses smaller than this are an editor's everyday work, whatever share they are."""


def compare_builds(new: Path, published: Path, *, max_drop: float, excused: Collection[str] = ()) -> list[str]:
    """What a new catalogue lost too much of, a sentence each: services of a level or a source, links, searchable services.

    ``excused`` are sources whose loss a person has approved; they count for no level either.
    """
    with closing(sqlite3.connect(f"file:{new}?mode=ro", uri=True)) as db:
        db.execute("ATTACH ? AS old", (f"file:{published}?mode=ro",))
        problems = [
            _told(f"source {name}", before, after)
            for name, before, after in db.execute(_COUNTS.format(column="source_id"))
            if name not in excused and _lost(before, after, max_drop)
        ]
        marks = ", ".join("?" * len(excused)) or "''"
        only = f"WHERE source_id NOT IN ({marks})"
        levels = db.execute(_COUNTS_WHERE.format(column="level", only=only), (*excused, *excused))
        problems += [_told(f"level {name}", b, a) for name, b, a in levels if _lost(b, a, max_drop)]
        before, after = db.execute(
            "SELECT (SELECT count(*) FROM old.service), (SELECT count(*) FROM main.service)"
        ).fetchone()
        if before and not after and not excused:
            problems.append(_told("the whole catalogue", before, after))
        if not excused:
            before, after = db.execute(
                "SELECT (SELECT count(*) FROM old.link), (SELECT count(*) FROM main.link)"
            ).fetchone()
            if _lost(before, after, max_drop):
                problems.append(f"addresses: {after} instead of {before}")
    return problems


_COUNTS_WHERE = """
    SELECT o.name, o.n, coalesce(m.n, 0)
    FROM (SELECT {column} AS name, count(*) AS n FROM old.service {only} GROUP BY 1) o
    LEFT JOIN (SELECT {column} AS name, count(*) AS n FROM main.service {only} GROUP BY 1) m USING (name)
    ORDER BY 1
"""
_COUNTS = _COUNTS_WHERE.replace("{only}", "")


def _lost(before: int, after: int, max_drop: float) -> bool:
    gone = before - after
    return gone >= _FEWEST and gone / before > max_drop


def _told(what: str, before: int, after: int) -> str:
    return f"{what}: {after} services instead of {before}"
