"""Which services an export is about: all, those of a region, those that changed since an event, or one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from harvester.errors import UsageError
from harvester.view.place import Place, pick_place
from harvester.view.service import find_service


@dataclass(frozen=True, slots=True)
class Scope:
    """What an export is about. ``services`` is their number; ``since`` is the last event the reader knows."""

    services: int
    region: Place | None
    since: int
    service: str | None


def fill_scope(db: sqlite3.Connection, region: str | None, since: int, service: str | None) -> Scope:
    """Note the services in ``temp.scope``, numbered from 1 in the order of their ids.

    A region means what holds there: its own services and those of the regions above it, of each LeiKa key the most specific.

    Raises:
        UsageError: an unknown region or service, a withdrawn service, or an event that is not there yet.
    """
    place = pick_place(db, region) if region is not None else None
    sid = find_service(db, service) if service is not None else None
    _check_since(db, since)
    queries: list[str] = []
    parameters: list[str] = []
    if place is not None:
        queries.append("SELECT service_id FROM v_service_for_region WHERE ars = ? AND rank = 1")
        parameters.append(place.ars)
    if since:
        queries.append(
            "SELECT entity_id AS service_id FROM event WHERE seq > ? AND entity = 'service'"
            " AND entity_id IN (SELECT id FROM service)"
        )
        parameters.append(str(since))
    if sid is not None:
        queries.append("SELECT ? AS service_id")
        parameters.append(sid)
    db.execute("DROP TABLE IF EXISTS temp.scope")
    db.execute("CREATE TEMP TABLE scope (n INTEGER PRIMARY KEY, service_id TEXT NOT NULL UNIQUE)")
    query = " INTERSECT ".join(queries or ["SELECT id AS service_id FROM service"])
    db.execute(f"INSERT INTO temp.scope (service_id) SELECT service_id FROM ({query}) ORDER BY 1", parameters)
    (count,) = db.execute("SELECT count(*) FROM temp.scope").fetchone()
    return Scope(count, place, since, sid)


def pages(db: sqlite3.Connection, size: int) -> Iterator[tuple[int, int]]:
    """First and last number of each page of ``temp.scope``."""
    (last,) = db.execute("SELECT coalesce(max(n), 0) FROM temp.scope").fetchone()
    return ((first, first + size - 1) for first in range(1, last + 1, size))


def _check_since(db: sqlite3.Connection, since: int) -> None:
    (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    if since > last:
        raise UsageError(
            f"--since {since}: the last event is {last}; a reader that knows more has read another catalogue"
        )
