"""A page of a list of services, with what a list says about each."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from harvester.portal.pages.where import Where
from harvester.portal.shelf import Item

_ON_PAGE = 30
_SUMMARY = 220
_FARTHEST = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A service in a list: its summary, and whether it can be done online (``apply``, ``form`` or ``appointment``)."""

    item: Item
    summary: str
    way: str | None
    author: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list. ``number`` counts from 1."""

    rows: tuple[Row, ...]
    total: int
    number: int
    pages: int


def list_items(at: Where, items: Sequence[Item], number: int) -> Listing:
    """The page of that number; the last one where there are not so many."""
    pages = max(math.ceil(len(items) / _ON_PAGE), 1)
    number = min(max(number, 1), pages)
    shown = items[(number - 1) * _ON_PAGE : number * _ON_PAGE]
    ids = [item.shown.service_id for item in shown]
    summaries, ways = _summaries(at.here.db, ids), _ways(at.here.db, ids)
    names = _names(at.here.db, {item.shown.valid_in for item in shown})
    rows = tuple(
        Row(item, summaries.get(sid, ""), ways.get(sid), names.get(item.shown.valid_in, ""))
        for sid, item in zip(ids, shown, strict=True)
    )
    return Listing(rows, len(items), number, pages)


def page_number(told: str | None) -> int:
    """The number of a page as an address has it; the first for what is none."""
    return min(int(told), _FARTHEST) if told and told.isascii() and told.isdigit() and len(told) < 6 else 1


def _summaries(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    rows = db.execute(f"SELECT id, summary FROM service WHERE id IN ({_marks(ids)})", tuple(ids))
    return {row["id"]: _short(row["summary"] or "") for row in rows}


def _ways(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """The foremost way of each service whose link may be used."""
    rows = db.execute(
        "SELECT service_id, min(CASE role WHEN 'apply' THEN '1apply' WHEN 'form' THEN '2form' ELSE '3appointment' END)"
        f" FROM v_service_link WHERE service_id IN ({_marks(ids)}) AND role IN ('apply', 'form', 'appointment') AND url IS NOT NULL"
        " GROUP BY service_id",
        tuple(ids),
    )
    return {row[0]: row[1][1:] for row in rows}


def _names(db: sqlite3.Connection, regions: set[str]) -> dict[str, str]:
    rows = db.execute(f"SELECT ars, name FROM region WHERE ars IN ({_marks(sorted(regions))})", tuple(sorted(regions)))
    return dict(rows.fetchall())


def _short(text: str) -> str:
    if len(text) <= _SUMMARY:
        return text
    return text[:_SUMMARY].rsplit(" ", 1)[0].rstrip(",.;:– ") + " …"


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
