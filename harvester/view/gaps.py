"""What a region has of the OZG list, and what its neighbours offer that it does not. Counts with their denominators."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from harvester.model import Level, Model
from harvester.view.ozg import EXECUTED_BY, Ozg
from harvester.view.place import Place
from harvester.view.region import RegionService, view_regions


class Duty(Model):
    """One LeiKa type: how many of the ``of`` OZG-Leistungen that have keys of this type are there.

    They are described (someone describes it here or above), linked (a page or form that is not dead), checked (of those linked, the link
    check has an answer), works (a link answered), online (a usable link to apply). ``by_level`` splits the described ones
    by the level of the most specific description. ``executed_by`` names the levels that have to execute it.
    """

    type: str
    executed_by: tuple[str, ...]
    of: int
    described: int
    linked: int
    checked: int
    works: int
    online: int
    by_level: dict[str, int]


class Missing(Model):
    """An OZG-Leistung that nobody describes for the region."""

    ozg_id: str
    name: str
    types: tuple[str, ...]


class Offered(Model):
    """A LeiKa key that neighbours describe themselves and that neither the region nor a region above it has."""

    leika_key: str
    title: str
    ozg_id: str | None
    neighbours: tuple[str, ...]
    of: int


class Gaps(Model):
    """What a region has and lacks.

    An OZG-Leistung whose keys are of several types counts for each of them, so types do not add up to ``all``. ``no_key`` OZG-
    Leistungen of the list have no LeiKa key and cannot be recognised; ``unkeyed`` services of the region have no key, and
    ``unlisted`` have one that is on no list; both may be more than they seem. ``neighbours`` are those that describe
    anything themselves, of ``neighbours_of``.
    """

    ars: str
    name: str
    all: Duty
    duties: tuple[Duty, ...]
    no_key: int
    services: int
    unkeyed: int
    unlisted: int
    missing: tuple[Missing, ...]
    neighbours: tuple[str, ...]
    neighbours_of: int
    offered: tuple[Offered, ...]


def find_gaps(db: sqlite3.Connection, place: Place, neighbours: Sequence[Place], ozg: Ozg) -> Gaps:
    """Compare a region with the OZG list and with some neighbours."""
    services = view_regions(db, [place]).services
    keys = _keys_here(db)
    described: dict[str, list[RegionService]] = {}
    unlisted = 0
    for service in services:
        found = {ozg_id for key in keys.get(service.id, ()) if (ozg_id := ozg.find(key))}
        unlisted += bool(keys.get(service.id)) and not found
        for ozg_id in found:
            described.setdefault(ozg_id, []).append(service)
    types = sorted({kind for found in ozg.types.values() for kind in found})
    active = _active(db, neighbours)
    return Gaps(
        ars=place.ars,
        name=place.name,
        all=_duty("all", ozg.types, described),
        duties=tuple(_duty(kind, [o for o, found in ozg.types.items() if kind in found], described) for kind in types),
        no_key=len(ozg.names.keys() - ozg.types.keys()),
        services=len(services),
        unkeyed=sum(service.id not in keys for service in services),
        unlisted=unlisted,
        missing=tuple(
            Missing(ozg_id=o, name=ozg.names.get(o, o), types=tuple(sorted(ozg.types[o])))
            for o in sorted(ozg.types.keys() - described.keys())
        ),
        neighbours=tuple(active),
        neighbours_of=len(neighbours),
        offered=tuple(_offered(db, active, ozg)),
    )


def siblings(db: sqlite3.Connection, place: Place) -> list[Place]:
    """Regions beside one: those directly below the same region, of the same administrative level."""
    alike = ("Kreis", "kreisfreie Stadt") if place.kind in ("Kreis", "kreisfreie Stadt") else None
    rows = db.execute(
        "SELECT s.ars, s.name, s.kind FROM region r JOIN region s ON s.parent_ars = r.parent_ars AND s.ars <> r.ars"
        " WHERE r.ars = ? ORDER BY s.ars",
        (place.ars,),
    )
    outside = ("Kreis", "kreisfreie Stadt", "Gemeindeverband")
    return [Place(*row) for row in rows if (row["kind"] in alike if alike else row["kind"] not in outside)]


def _duty(kind: str, ozg_ids: Iterable[str], described: dict[str, list[RegionService]]) -> Duty:
    listed = list(ozg_ids)
    found = [described[ozg_id] for ozg_id in listed if ozg_id in described]
    links = [[link for service in services for link in service.links if link.usable] for services in found]
    nearest = [max((Level(service.level) for service in services), key=lambda level: level.rank) for services in found]
    return Duty(
        type=kind,
        executed_by=EXECUTED_BY.get(kind, ()),
        of=len(listed),
        described=len(found),
        linked=sum(bool(usable) for usable in links),
        checked=sum(any(link.state != "unchecked" for link in usable) for usable in links),
        works=sum(any(link.state == "ok" for link in usable) for usable in links),
        online=sum(any(link.role == "apply" for link in usable) for usable in links),
        by_level={str(level): nearest.count(level) for level in Level},
    )


def _keys_here(db: sqlite3.Connection) -> dict[str, set[str]]:
    """Keys by service of ``temp.here``, those of the most specific descriptions."""
    keys: dict[str, set[str]] = {}
    for sid, key in db.execute(
        "SELECT DISTINCT h.service_id, k.leika_key FROM temp.here h JOIN service_key k ON k.service_id = h.service_id"
        " WHERE h.rank = 1"
    ):
        keys.setdefault(sid, set()).add(key)
    return keys


def _active(db: sqlite3.Connection, neighbours: Iterable[Place]) -> list[str]:
    query = "SELECT 1 FROM service_region WHERE ars = ? LIMIT 1"
    return [place.ars for place in neighbours if db.execute(query, (place.ars,)).fetchone()]


def _offered(db: sqlite3.Connection, neighbours: Sequence[str], ozg: Ozg) -> list[Offered]:
    """Keys of the neighbours' own descriptions that ``temp.here`` does not have, those of the most neighbours first."""
    found: dict[str, tuple[str, set[str]]] = {}
    query = """
        SELECT k.leika_key, s.title FROM service_region r JOIN service s ON s.id = r.service_id AND s.status <> 'withdrawn'
        JOIN service_key k ON k.service_id = s.id
        WHERE r.ars = ? AND NOT EXISTS (
            SELECT 1 FROM service_key o JOIN temp.here h ON h.service_id = o.service_id WHERE o.leika_key = k.leika_key)
        ORDER BY k.leika_key, s.title
    """
    for ars in neighbours:
        for key, title in db.execute(query, (ars,)):
            found.setdefault(key, (title, set()))[1].add(ars)
    offers = [
        Offered(leika_key=key, title=title, ozg_id=ozg.find(key), neighbours=tuple(sorted(who)), of=len(neighbours))
        for key, (title, who) in found.items()
    ]
    return sorted(offers, key=lambda offer: (-len(offer.neighbours), offer.leika_key))
