"""Services: lists by region, situation, level, key, text or time, and each as a whole."""

from __future__ import annotations

import io
import sqlite3
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi import Path as InPath
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from harvester.catalogue.search import search
from harvester.exports.cpsv import Graph
from harvester.exports.document import ServiceDocument
from harvester.exports.jsonld import write_jsonld
from harvester.exports.load import load_services
from harvester.exports.naming import Naming
from harvester.exports.scope import fill_scope
from harvester.exports.turtle import write_turtle
from harvester.model import Model
from harvester.portal.accept import choose
from harvester.portal.api.cursor import read_cursor, write_cursor
from harvester.portal.api.parameters import MOMENT, TEXT, ArsFilter, Cursor, Limit, SituationFilter, bare
from harvester.portal.api.problems import GONE
from harvester.portal.api.regions import place_of
from harvester.portal.here import Here

router = APIRouter(prefix="/services", tags=["services"])
LevelFilter = Literal["bund", "land", "kreis", "kommune"]
_SEARCHED = 100
_FORMS = ("application/json", "application/ld+json", "text/turtle")


class ServiceItem(Model):
    """A service in a list.

    Where a region was named, ``precision`` says how surely it holds there, and ``distance`` how many regions above it the
    description was written for; else both are null. ``score`` is 0 to 1 where a text was asked for.
    """

    id: str
    slug: str
    title: str
    summary: str | None
    leika_key: str | None
    level: str
    language: str
    changed_at: str
    precision: str | None
    distance: int | None
    score: float | None


class Services(Model):
    """A page of services; ``next`` is the cursor of the page after it. A list by text is one page, the best first."""

    items: tuple[ServiceItem, ...]
    next: str | None


_HERE = """
    SELECT service_id, distance, precision, row_number() OVER (
        PARTITION BY key ORDER BY distance, changed_at DESC, service_id) AS nearness
    FROM v_holding WHERE ars = :ars
"""
_IN = """s.id IN (
    SELECT g.service_id FROM situation_ancestor u JOIN service_situation g ON g.situation_id = u.situation_id
    WHERE u.ancestor_id = :situation)"""
_COLUMNS = "s.id, s.slug, s.title, s.summary, s.leika_key, s.level, s.language, s.changed_at"
_START = f"SELECT {_COLUMNS}, NULL AS precision, NULL AS distance FROM service s"
_START_HERE = (
    f"WITH h AS MATERIALIZED ({_HERE}) SELECT {_COLUMNS}, h.precision, h.distance"
    " FROM h CROSS JOIN service s ON s.id = h.service_id"
)


class Asked(Model):
    """What a list of services is asked for; filters narrow each other."""

    ars: ArsFilter = None
    situation: SituationFilter = None
    level: Annotated[LevelFilter | None, Field(description="Who describes it.")] = None
    leika_key: Annotated[
        str | None, Field(pattern=r"^99[0-9]{12}$", description="LeiKa key.", examples=["99115005080000"])
    ] = None
    changed_since: Annotated[
        str | None,
        Field(pattern=f"^{MOMENT}$", description="A day or time (UTC, ISO 8601).", examples=["2026-11-22"]),
    ] = None
    text: Annotated[
        str | None,
        Field(
            max_length=200,
            pattern=TEXT,
            description="What people type.",
            examples=["Hund anmelden"],
        ),
    ] = None
    limit: Limit = 50
    cursor: Cursor = None

    @property
    def question(self) -> tuple[object, ...]:
        """What a cursor belongs to: everything but the page."""
        return ("services", self.ars, self.situation, self.level, self.leika_key, self.changed_since)


@router.get("", operation_id="listServices", summary="Services by region, situation, level, key, text or time")
def list_services(here: Here, asked: Annotated[Asked, Query()]) -> Services:
    """With a region: what holds there, of each LeiKa key the nearest description.

    Ordered by time of change where that was asked for, by relevance where a text was, else by id.
    """
    if asked.ars is not None:
        place_of(here.db, asked.ars)
    if asked.text is not None:
        read_cursor(("text",), asked.cursor, 1)
        return _find(here.db, asked.text, asked)
    by_time = asked.changed_since is not None
    after = read_cursor(asked.question, asked.cursor, 2 if by_time else 1)
    rows = here.db.execute(
        _query(asked, continued=after is not None),
        {
            **asked.model_dump(),
            "since": bare(asked.changed_since or ""),
            "after": after[0] if after else "",
            "than": after[-1] if after else "",
            "more": asked.limit + 1,
        },
    ).fetchall()
    items = tuple(ServiceItem.model_construct(**dict(row), score=None) for row in rows[: asked.limit])
    if len(rows) <= asked.limit:
        return Services(items=items, next=None)
    last = [items[-1].changed_at, items[-1].id] if by_time else [items[-1].id]
    return Services(items=items, next=write_cursor(asked.question, last))


def _query(asked: Asked, *, continued: bool) -> str:
    told = ["s.status <> 'withdrawn'"]
    told += ["h.nearness = 1"] if asked.ars else []
    told += [_IN] if asked.situation else []
    told += ["s.level = :level"] if asked.level else []
    told += ["s.leika_key = :leika_key"] if asked.leika_key else []
    order = "s.id"
    if asked.changed_since:
        order = "s.changed_at, s.id"
        told.append("s.changed_at >= :since")
    if continued:
        told.append("(s.changed_at, s.id) > (:after, :than)" if asked.changed_since else "s.id > :after")
    start = _START_HERE if asked.ars else _START
    return f"{start} WHERE {' AND '.join(told)} ORDER BY {order} LIMIT :more"


def _find(db: sqlite3.Connection, text: str, asked: Asked) -> Services:
    """The best hits; those that other filters leave are looked for among the first hundred."""
    narrowed = asked.level or asked.leika_key or asked.changed_since
    hits = search(db, text, asked.ars, asked.situation, _SEARCHED if narrowed else asked.limit)
    scores = {hit.service_id: hit.score for hit in hits}
    marks = ", ".join("?" * len(scores))
    rows = db.execute(f"SELECT {_COLUMNS} FROM service s WHERE s.id IN ({marks})", tuple(scores)).fetchall()
    found = {row["id"]: row for row in rows if _fits(row, asked)}
    items = (
        ServiceItem.model_construct(**dict(found[sid]), precision=None, distance=None, score=score)
        for sid, score in scores.items()
        if sid in found
    )
    return Services(items=tuple(items)[: asked.limit], next=None)


def _fits(row: sqlite3.Row, asked: Asked) -> bool:
    return (
        (asked.level is None or row["level"] == asked.level)
        and (asked.leika_key is None or row["leika_key"] == asked.leika_key)
        and (asked.changed_since is None or row["changed_at"] >= bare(asked.changed_since))
    )


@router.get(
    "/{service}",
    operation_id="getService",
    summary="All that is known of a service",
    response_model=ServiceDocument,
    responses={
        200: {
            "content": {form: {} for form in _FORMS[1:]},
            "description": "As JSON, or by CPSV-AP 3.2 as JSON-LD or Turtle.",
        },
        **GONE,
    },
)
def get_service(
    request: Request,
    here: Here,
    service: Annotated[
        str,
        InPath(
            pattern=r"^[a-z0-9-]{1,200}$",
            description="Its id or its slug.",
            examples=["wohnsitz-anmelden-op2zbjygv43fk"],
        ),
    ],
) -> Response:
    """A service by its id or slug. By the header Accept as JSON, or as linked data by CPSV-AP."""
    form = choose(request.headers.get("accept"), _FORMS)
    if form is None:
        raise HTTPException(406, f"there are {', '.join(_FORMS)}")
    fill_scope(here.db, None, 0, service)
    document = next(load_services(here.db))
    if form == _FORMS[0]:
        return JSONResponse(document.model_dump(mode="json"))
    regions = dict(here.db.execute("SELECT ars, name FROM region").fetchall())
    page = f"{request.base_url}api/v1/services/{{id}}"
    nodes = Graph(Naming(page), regions).nodes(document)
    with io.StringIO() as file:
        (write_jsonld if form == _FORMS[1] else write_turtle)(nodes, file)
        return Response(file.getvalue(), media_type=form)
