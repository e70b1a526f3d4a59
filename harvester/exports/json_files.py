"""JSON: a file per service and per region, or one line per service."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from harvester.exports.load import load_services
from harvester.exports.scope import Scope
from harvester.model import Model
from harvester.view.place import Place
from harvester.view.region import view_regions


def write_ndjson(db: sqlite3.Connection, file: TextIO) -> int:
    """One service per line; returns their number."""
    count = 0
    for service in load_services(db):
        file.write(line(service))
        count += 1
    return count


def write_json(db: sqlite3.Connection, scope: Scope, directory: Path) -> int:
    """``services/xy/ID.json`` (xy: the second and third letter of the id) and ``regions/ARS.json``.

    A region's file is its view: what holds there, links with substitutes, competent offices. Without a region there is one
    for every region that has services of its own; what holds in the others is what holds in the nearest one above them.
    """
    count = 0
    for service in load_services(db):
        count += 1
        folder = directory / "services" / service.id[1:3]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{service.id}.json").write_text(line(service), encoding="utf-8")
    if scope.service is None:
        (directory / "regions").mkdir()
        for place in described_regions(db, scope):
            view = view_regions(db, [place])
            (directory / "regions" / f"{place.ars}.json").write_text(line(view), encoding="utf-8")
    return count


def line(document: Model) -> str:
    """A document on one line, members in the order of the model."""
    return document.model_dump_json() + "\n"


def described_regions(db: sqlite3.Connection, scope: Scope) -> Iterator[Place]:
    """The region asked for, or all that services of the scope were written for."""
    if scope.region is not None:
        yield scope.region
        return
    rows = db.execute(
        "SELECT ars, name, kind FROM region WHERE ars IN"
        " (SELECT r.ars FROM temp.scope p JOIN service_region r ON r.service_id = p.service_id) ORDER BY ars"
    ).fetchall()
    yield from (Place(*row) for row in rows)
