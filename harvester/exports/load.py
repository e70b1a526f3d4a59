"""Load services of the catalogue as documents, a page at a time, so that memory does not grow with their number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, TypeVar, cast

from harvester.exports.document import (
    Competence,
    InSituation,
    Key,
    Office,
    Online,
    Publisher,
    ServiceDocument,
    ServiceLink,
    Statement,
    TextModule,
    Validity,
)
from harvester.exports.scope import pages
from harvester.model import Model

_PAGE = 500
_PAGED = "FROM temp.scope p JOIN {table} WHERE p.n BETWEEN ? AND ? ORDER BY p.n"
_OFFICE = ("id", "name", "level", "region", "homepage", "phone", "email", "address")

Part = TypeVar("Part", bound=Model)


def load_services(db: sqlite3.Connection) -> Iterator[ServiceDocument]:
    """All services of ``temp.scope``, in the order of their ids."""
    offices: dict[str, Office] = {}
    publishers = {row["id"]: _publisher(row) for row in db.execute("SELECT * FROM source")}
    for page in pages(db, _PAGE):
        yield from _load_page(db, page, publishers, offices)
        if len(offices) > 10 * _PAGE:
            offices.clear()


def _load_page(
    db: sqlite3.Connection, page: tuple[int, int], publishers: dict[str, Publisher], offices: dict[str, Office]
) -> list[ServiceDocument]:
    keys = _children(db, page, "service_key", Key, order="leika_key")
    statements = _children(db, page, "service_source", Statement, order="source_id, remote_id")
    regions = _children(db, page, "service_region", Validity, order="ars")
    texts = _children(db, page, "service_text", TextModule, order="language, module")
    links, competences, situations = _links(db, page), _competences(db, page, offices), _situations(db, page)
    rows = db.execute(f"SELECT s.* {_PAGED.format(table='service s ON s.id = p.service_id')}", page).fetchall()
    return [
        ServiceDocument.model_construct(
            id=s["id"],
            slug=s["slug"],
            title=s["title"],
            official_title=s["official_title"],
            summary=s["summary"],
            language=s["language"],
            leika_key=s["leika_key"],
            leika_keys=keys.get(s["id"], ()),
            level=s["level"],
            audience=tuple(s["audience"].split()),
            status=s["status"],
            source=publishers[s["source_id"]],
            organisation=_office(db, offices, s["organisation_id"]) if s["organisation_id"] else None,
            statements=statements.get(s["id"], ()),
            regions=regions.get(s["id"], ()),
            texts=texts.get(s["id"], ()),
            links=links.get(s["id"], ()),
            competences=competences.get(s["id"], ()),
            situations=situations.get(s["id"], ()),
            source_modified_at=s["source_modified_at"],
            first_seen_at=s["first_seen_at"],
            last_seen_at=s["last_seen_at"],
            changed_at=s["changed_at"],
            content_hash=s["content_hash"],
        )
        for s in rows
    ]


def _children(
    db: sqlite3.Connection, page: tuple[int, int], table: str, model: type[Part], *, order: str
) -> dict[str, tuple[Part, ...]]:
    """Rows of a table by service; the model's fields are its columns."""
    names = tuple(model.model_fields)
    columns = ", ".join(f"c.{name}" for name in names)
    query = (
        f"SELECT p.service_id, {columns} {_PAGED.format(table=f'{table} c ON c.service_id = p.service_id')}, {order}"
    )
    found: dict[str, list[Part]] = {}
    for sid, *values in db.execute(query, page):
        part = cast(
            "Part", model.model_construct(**dict(zip(names, values, strict=True)))
        )  # mypy takes it for its base
        found.setdefault(sid, []).append(part)
    return {sid: tuple(parts) for sid, parts in found.items()}


def _links(db: sqlite3.Connection, page: tuple[int, int]) -> dict[str, tuple[ServiceLink, ...]]:
    own = ("role", "label", "language", "substitute", "substitute_reason", "ars")
    checked = tuple(name for name in ServiceLink.model_fields if name not in (*own, "online_service"))
    online = tuple(Online.model_fields)
    columns = ", ".join(
        [f"c.{n}" for n in own] + [f"l.{n}" for n in checked] + [f"o.{n} AS online_{n}" for n in online]
    )
    table = (
        "service_link c ON c.service_id = p.service_id JOIN link l ON l.id = c.link_id"
        " LEFT JOIN online_service o ON o.id = c.online_service_id"
    )
    found: dict[str, list[ServiceLink]] = {}
    for row in db.execute(f"SELECT p.service_id, {columns} {_PAGED.format(table=table)}, c.position", page):
        leads = Online.model_construct(**{n: row[f"online_{n}"] for n in online}) if row["online_id"] else None
        values: dict[str, Any] = {name: row[name] for name in (*own, *checked)}
        found.setdefault(row["service_id"], []).append(ServiceLink.model_construct(**values, online_service=leads))
    return {sid: tuple(links) for sid, links in found.items()}


def _competences(
    db: sqlite3.Connection, page: tuple[int, int], offices: dict[str, Office]
) -> dict[str, tuple[Competence, ...]]:
    table = "competence c ON c.service_id = p.service_id"
    query = f"SELECT p.service_id, c.organisation_id, c.ars, c.role {_PAGED.format(table=table)}, 2, 3, 4"
    found: dict[str, list[Competence]] = {}
    for sid, office, ars, role in db.execute(query, page).fetchall():
        organisation = _office(db, offices, office)
        found.setdefault(sid, []).append(Competence.model_construct(organisation=organisation, ars=ars, role=role))
    return {sid: tuple(competences) for sid, competences in found.items()}


def _situations(db: sqlite3.Connection, page: tuple[int, int]) -> dict[str, tuple[InSituation, ...]]:
    table = "service_situation c ON c.service_id = p.service_id JOIN situation t ON t.id = c.situation_id"
    columns = "t.id, t.taxonomy_id, t.code, t.name, c.origin, c.confidence, c.rule, c.rank"
    found: dict[str, list[InSituation]] = {}
    names = tuple(InSituation.model_fields)
    for sid, *values in db.execute(f"SELECT p.service_id, {columns} {_PAGED.format(table=table)}, c.rank, t.id", page):
        found.setdefault(sid, []).append(InSituation.model_construct(**dict(zip(names, values, strict=True))))
    return {sid: tuple(situations) for sid, situations in found.items()}


def _office(db: sqlite3.Connection, offices: dict[str, Office], office_id: str) -> Office:
    if office_id not in offices:
        row = db.execute(f"SELECT {', '.join(_OFFICE)} FROM organisation WHERE id = ?", (office_id,)).fetchone()
        offices[office_id] = Office.model_construct(**dict(zip(_OFFICE, row, strict=True)))
    return offices[office_id]


def _publisher(row: sqlite3.Row) -> Publisher:
    return Publisher(
        id=row["id"],
        title=row["title"],
        region=row["region"],
        name=row["publisher"],
        homepage=row["homepage"],
        licence=row["licence"],
        attribution=row["attribution"],
    )
