"""Life and business situations, and how many services lie in each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as InPath

from harvester.model import Model
from harvester.portal.api.parameters import SITUATION, ArsFilter
from harvester.portal.api.regions import place_of
from harvester.portal.here import Here

router = APIRouter(prefix="/situations", tags=["situations"])


class SituationItem(Model):
    """An entry of a taxonomy. ``services`` are those of the region that was asked for, in it and below; null where none was."""

    id: str
    taxonomy: str
    code: str
    name: str
    parent: str | None
    services: int | None


class Situations(Model):
    """All entries, those above before those below."""

    items: tuple[SituationItem, ...]


class Situation(SituationItem):
    """An entry with those above it, the nearest first, and those directly below."""

    above: tuple[SituationItem, ...]
    below: tuple[SituationItem, ...]


_COLUMNS = "s.id, s.taxonomy_id AS taxonomy, s.code, s.name, s.parent_id AS parent"


@router.get("", operation_id="listSituations", summary="All situations")
def list_situations(
    here: Here,
    taxonomy: Annotated[
        str | None, Query(pattern=r"^[a-z0-9-]{1,60}$", description="Only this one.", examples=["pvlagen"])
    ] = None,
    ars: ArsFilter = None,
) -> Situations:
    """The taxonomies, with the number of services of a region if one is named."""
    rows = here.db.execute(
        f"SELECT {_COLUMNS} FROM situation s WHERE :taxonomy IS NULL OR s.taxonomy_id = :taxonomy"
        " ORDER BY s.taxonomy_id, s.position, s.id",
        {"taxonomy": taxonomy},
    ).fetchall()
    return Situations(items=_items(rows, _counts(here.db, ars)))


@router.get("/{situation}", operation_id="getSituation", summary="A situation, with those above and below")
def get_situation(
    here: Here,
    situation: Annotated[
        str, InPath(max_length=60, pattern=SITUATION, description="Its id.", examples=["pvlagen:1050000"])
    ],
    ars: ArsFilter = None,
) -> Situation:
    """One entry of a taxonomy."""
    row = here.db.execute(f"SELECT {_COLUMNS} FROM situation s WHERE s.id = ?", (situation,)).fetchone()
    if row is None:
        raise HTTPException(404, f"no situation {situation!r}; /api/v1/situations lists them")
    counts = _counts(here.db, ars)
    above = here.db.execute(
        f"SELECT {_COLUMNS} FROM situation_ancestor a JOIN situation s ON s.id = a.ancestor_id"
        " WHERE a.situation_id = ? AND a.distance > 0 ORDER BY a.distance",
        (situation,),
    )
    below = here.db.execute(
        f"SELECT {_COLUMNS} FROM situation s WHERE s.parent_id = ? ORDER BY s.position", (situation,)
    )
    (item,) = _items([row], counts)
    return Situation(**item.model_dump(), above=_items(above, counts), below=_items(below, counts))


def _counts(db: sqlite3.Connection, ars: str | None) -> dict[str, int] | None:
    if ars is None:
        return None
    place_of(db, ars)
    rows = db.execute("SELECT situation_id, services FROM v_situation_counts WHERE ars = ?", (ars,))
    return {row[0]: row[1] for row in rows}


def _items(rows: Iterable[sqlite3.Row], counts: dict[str, int] | None) -> tuple[SituationItem, ...]:
    return tuple(
        SituationItem(**dict(row), services=None if counts is None else counts.get(row["id"], 0)) for row in rows
    )
