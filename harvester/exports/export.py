"""One export: what it is about, its format, and where it goes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO, TypeAlias, get_args

from harvester.catalogue.published import SCHEMA_VERSION
from harvester.errors import UsageError
from harvester.exports.atom import write_atom
from harvester.exports.cpsv import Graph
from harvester.exports.csv_files import write_csv
from harvester.exports.json_files import write_json, write_ndjson
from harvester.exports.jsonld import write_jsonld
from harvester.exports.load import load_services
from harvester.exports.naming import Naming
from harvester.exports.schemaorg import write_schemaorg
from harvester.exports.scope import Scope, fill_scope
from harvester.exports.sitemap import write_sitemap
from harvester.exports.triples import Node
from harvester.exports.turtle import write_turtle
from harvester.exports.write import MANIFEST, new_directory, new_file
from harvester.view.changes import events_since, read_since
from harvester.view.open import NoCatalogueError, open_catalogue

Format: TypeAlias = Literal["json", "ndjson", "csv", "jsonld", "turtle", "schemaorg", "atom", "changes", "sitemap"]
FORMATS: tuple[str, ...] = get_args(Format)
_FOLDERS = ("json", "csv", "atom", "sitemap")
"""Formats of several files."""


@dataclass(frozen=True, slots=True)
class Export:
    """What to export. ``since`` is the number of an event or a time; ``page`` the portal's address of a service."""

    format: str
    out: Path
    region: str | None = None
    since: str = "0"
    service: str | None = None
    page: str | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: ``items`` are services, events, feeds or pages; ``seq`` is the last event of the catalogue."""

    format: str
    out: str
    items: int
    seq: int
    build_id: str


def run_export(catalogue: Path, export: Export) -> Exported:
    """Export from the published catalogue.

    The same catalogue gives the same bytes, whenever and wherever it is exported.

    Raises:
        UsageError: an unknown format, region, service or event, a withdrawn service, something in the export's place.
        ExportError: the disk is full or not writable; nothing half-written is left.
    """
    if export.format not in FORMATS:
        raise UsageError(f"no format {export.format!r}; there are {', '.join(FORMATS)}")
    naming = Naming(export.page)
    with open_catalogue(catalogue) as db:
        if not db.execute("SELECT 1 FROM pragma_table_info('service_text') WHERE name = 'origin_id'").fetchone():
            raise NoCatalogueError(
                f"{catalogue} was built by an earlier version: harvester catalogue build brings it up to date"
            )
        scope = fill_scope(db, export.region, read_since(db, export.since), export.service)
        meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
        (seq,) = db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
        if export.format in _FOLDERS:
            with new_directory(export.out, force=export.force) as directory:
                items = _write_folder(db, export.format, scope, naming, directory)
                _write_manifest(export, scope, meta["build_id"], seq, directory)
        else:
            with new_file(export.out, force=export.force) as file:
                items = _FILES[export.format](db, scope, naming, file)
    return Exported(export.format, str(export.out), items, seq, meta["build_id"])


def _write_folder(db: sqlite3.Connection, wanted: str, scope: Scope, naming: Naming, directory: Path) -> int:
    match wanted:
        case "json":
            return write_json(db, scope, directory)
        case "csv":
            write_csv(db, directory)
            return scope.services
        case "atom":
            return write_atom(db, scope, naming, directory)
        case _:
            return write_sitemap(db, naming, directory)


def _write_manifest(export: Export, scope: Scope, build_id: str, seq: int, directory: Path) -> None:
    told = {
        "format": export.format,
        "schema_version": SCHEMA_VERSION,
        "build_id": build_id,
        "seq": seq,
        "since": scope.since,
        "region": scope.region.ars if scope.region else None,
        "service": scope.service,
        "services": scope.services,
    }
    (directory / MANIFEST).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _nodes(db: sqlite3.Connection, naming: Naming) -> Iterator[Node]:
    graph = Graph(naming, _region_names(db))
    for service in load_services(db):
        yield from graph.nodes(service)


def _region_names(db: sqlite3.Connection) -> dict[str, str]:
    return dict(db.execute("SELECT ars, name FROM region").fetchall())


def _ndjson(db: sqlite3.Connection, _scope: Scope, _naming: Naming, file: TextIO) -> int:
    return write_ndjson(db, file)


def _turtle(db: sqlite3.Connection, scope: Scope, naming: Naming, file: TextIO) -> int:
    write_turtle(_nodes(db, naming), file)
    return scope.services


def _jsonld(db: sqlite3.Connection, scope: Scope, naming: Naming, file: TextIO) -> int:
    write_jsonld(_nodes(db, naming), file)
    return scope.services


def _schemaorg(db: sqlite3.Connection, _scope: Scope, naming: Naming, file: TextIO) -> int:
    return write_schemaorg(load_services(db), naming, _region_names(db), file)


def _changes(db: sqlite3.Connection, scope: Scope, _naming: Naming, file: TextIO) -> int:
    count = 0
    ars = scope.region.ars if scope.region else None
    for event in events_since(db, scope.since, ars=ars):
        if scope.service is None or event.entity_id == scope.service:
            file.write(event.model_dump_json() + "\n")
            count += 1
    return count


_FILES: dict[str, Callable[[sqlite3.Connection, Scope, Naming, TextIO], int]] = {
    "ndjson": _ndjson,
    "turtle": _turtle,
    "jsonld": _jsonld,
    "schemaorg": _schemaorg,
    "changes": _changes,
}
