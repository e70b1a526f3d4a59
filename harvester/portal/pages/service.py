"""A service: what it is, what it needs and costs, how to do it, who answers for it, and where all that comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from harvester.portal.evidence import read_evidence
from harvester.portal.pages.render import render
from harvester.portal.pages.where import At, Where
from harvester.portal.sheet import Sheet, read_sheet
from harvester.portal.shelf import Entry, Item
from harvester.portal.shelves import shelf_of
from harvester.portal.situations import Situation
from harvester.view.place import Place
from harvester.view.service import find_service

router = APIRouter(prefix="/{place}")


@dataclass(frozen=True, slots=True)
class Other:
    """Another description of the same service, with the region it was written for."""

    slug: str
    region: Place
    level: str


@router.get("/leistung/{named}")
def show_service(at: At, named: str) -> Response:
    """A description of a service, for the place that was chosen.

    Raises:
        UnknownServiceError: there is none; WithdrawnServiceError: there was one.
    """
    service_id = find_service(at.here.db, named)
    item = at.shelf.find(service_id)
    elsewhere = () if item else _regions(at, service_id)
    held = item or _alone(at, service_id)
    body = _body(at, item)
    sheet = read_sheet(at.here.db, held, service_id, body.ars if body else None, at.language)
    return render(
        "service",
        at,
        s=sheet,
        item=item,
        elsewhere=elsewhere,
        nearer=_nearer(at, item, service_id) if item else None,
        author=_author(at, held, service_id),
        office_in=body.name if body else at.name,
        also=[source.title for source in sheet.statements if source.id != sheet.source.id],
        precision=_precision(at, held, service_id),
        german_only=at.language != sheet.language == "de" and sheet.title_language != at.language,
        others=_others(at, held, service_id),
        choices=_own(at, held),
        lies=_lies(at, sheet),
        evidence=read_evidence(at.here.db, sheet) if at.editor else None,
    )


def _body(at: Where, item: Item | None) -> Place | None:
    """The one region whose office and links count; None where it does not hold here, or in several regions."""
    if item is None or at.region:
        return at.region if item else None
    return next(body for body in at.bodies if body.ars == item.bodies[0]) if len(item.bodies) == 1 else None


def _alone(at: Where, service_id: str) -> Item:
    """A service that does not hold in the place, as if it were alone."""
    row = at.here.db.execute("SELECT * FROM service WHERE id = ?", (service_id,)).fetchone()
    situations = frozenset(
        found[0]
        for found in at.here.db.execute(
            "SELECT a.ancestor_id FROM service_situation g JOIN situation_ancestor a ON a.situation_id = g.situation_id"
            " WHERE g.service_id = ?",
            (service_id,),
        )
    )
    regions = _regions(at, service_id)
    entry = Entry(
        service_id=service_id,
        key=row["leika_key"] or service_id,
        slug=row["slug"],
        title=row["title"],
        level=row["level"],
        language=row["language"],
        audience=frozenset(row["audience"].split()),
        changed_at=row["changed_at"],
        precision="exact",
        valid_in=regions[0].ars if regions else "000000000000",
        situations=situations,
        order=("", service_id),
    )
    return Item(entry, (entry,), situations, entry.audience)


def _regions(at: Where, service_id: str) -> tuple[Place, ...]:
    """Where a description holds, as it says itself."""
    rows = at.here.db.execute(
        "SELECT r.ars, r.name, r.kind FROM service_region v JOIN region r ON r.ars = v.ars WHERE v.service_id = ? ORDER BY r.name LIMIT 40",
        (service_id,),
    )
    return tuple(Place(*row) for row in rows)


def _nearer(at: Where, item: Item, service_id: str) -> Entry | None:
    """The description that was written for this very place, where another one is looked at."""
    nearest = item.descriptions[0]
    return nearest if at.region and nearest.service_id != service_id else None


def _others(at: Where, item: Item, service_id: str) -> Sequence[Other]:
    """The other descriptions of the same service, by the names of their regions."""
    found = [entry for entry in item.descriptions if entry.service_id != service_id]
    marks = ", ".join("?" * len(found))
    rows = at.here.db.execute(
        f"SELECT ars, name, kind FROM region WHERE ars IN ({marks})", [entry.valid_in for entry in found]
    )
    names = {row["ars"]: Place(*row) for row in rows}
    others = [Other(entry.slug, names[entry.valid_in], entry.level) for entry in found if entry.valid_in in names]
    return sorted(others, key=lambda other: other.region.name)


def _author(at: Where, item: Item, service_id: str) -> str:
    """The region that a description was written for."""
    entry = next(entry for entry in item.descriptions if entry.service_id == service_id)
    row = at.here.db.execute("SELECT name FROM region WHERE ars = ?", (entry.valid_in,)).fetchone()
    return str(row["name"]) if row else ""


def _precision(at: Where, item: Item, service_id: str) -> str:
    entry = next(entry for entry in item.descriptions if entry.service_id == service_id)
    return "parent" if at.region and entry.valid_in != at.region.ars and entry.precision == "exact" else entry.precision


def _own(at: Where, item: Item) -> Sequence[Other]:
    """Under the umbrella: the places in which the service holds, each with the description that counts there."""
    if at.region:
        return ()
    found = []
    for body in at.bodies:
        here = shelf_of(at.here, (body.ars,)).by_key.get(item.shown.key)
        if here:
            found.append(Other(here.shown.slug, body, here.shown.level))
    return found


def _lies(at: Where, sheet: Sheet) -> list[list[Situation]]:
    """The situations the service is found in, each with the one above it, as far as this portal shows them."""
    rows = at.here.db.execute(
        "SELECT situation_id FROM service_situation WHERE service_id = ? ORDER BY rank, situation_id", (sheet.id,)
    )
    return [at.situations.path(row[0])[-2:] for row in rows if at.situations.tile_of(row[0])]
