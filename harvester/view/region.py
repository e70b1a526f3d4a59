"""A region as a portal shows it: every service that holds there, described as specifically as anyone describes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from harvester.model import Model
from harvester.view.competent import Competent, competent_offices
from harvester.view.links import RegionLink, region_links
from harvester.view.place import Place

Precision = Literal["exact", "parent", "assumed"]


class Holding(Model):
    """That a description holds in a region: ``valid_in`` is the region it was written for, ``distance`` regions above.

    ``precision`` is ``exact`` where the source names this very region, ``parent`` where it names one above it, and ``assumed``
    where it names none and its own region counts.
    """

    ars: str
    valid_in: str
    distance: int
    precision: Precision
    office: Competent | None


class RegionService(Model):
    """A service in one or several regions: the most specific description of its LeiKa key.

    ``links`` are its own and those of less specific descriptions of the same key (``others``), each with its state.
    """

    id: str
    slug: str
    title: str
    summary: str | None
    leika_key: str | None
    level: str
    language: str
    regions: tuple[Holding, ...]
    links: tuple[RegionLink, ...]
    others: tuple[str, ...]


class RegionName(Model):
    """A region with its name and kind."""

    ars: str
    name: str
    kind: str


class RegionView(Model):
    """What holds in some regions. ``above`` are the regions whose descriptions count, too."""

    regions: tuple[RegionName, ...]
    above: tuple[RegionName, ...]
    services: tuple[RegionService, ...]


def view_regions(db: sqlite3.Connection, places: Sequence[Place]) -> RegionView:
    """Everything that holds in some regions, in the order of titles. For an umbrella portal, several at once.

    A description that is the most specific one in several of the regions comes once and names them all.
    """
    fill_here(db, [place.ars for place in places])
    return RegionView(
        regions=tuple(RegionName(ars=p.ars, name=p.name, kind=p.kind) for p in places),
        above=tuple(_above(db)),
        services=tuple(_services(db)),
    )


def fill_here(db: sqlite3.Connection, regions: Iterable[str]) -> None:
    """Note in ``temp.here`` which descriptions hold in the regions, with their rank among those of the same key."""
    _make_here(db)
    db.executemany(
        "INSERT INTO temp.here SELECT ars, service_id, coalesce(leika_key, service_id), valid_in, distance, precision, rank"
        " FROM v_service_for_region WHERE ars = ?",
        [(ars,) for ars in dict.fromkeys(regions)],
    )
    _index_here(db)


def note_here(db: sqlite3.Connection, ars: str, key: str, services: Sequence[str]) -> None:
    """Note in ``temp.here`` the descriptions of one service that hold in a region, the one that counts first."""
    _make_here(db)
    db.executemany(
        "INSERT INTO temp.here VALUES (?, ?, ?, ?, 0, 'exact', ?)",
        [(ars, service, key, ars, rank) for rank, service in enumerate(services, 1)],
    )
    _index_here(db)


def _make_here(db: sqlite3.Connection) -> None:
    db.execute("DROP TABLE IF EXISTS temp.here")
    db.execute(
        "CREATE TEMP TABLE here (ars TEXT, service_id TEXT, key TEXT, valid_in TEXT, distance INTEGER, precision TEXT,"
        " rank INTEGER, PRIMARY KEY (ars, service_id, rank)) WITHOUT ROWID"
    )


def _index_here(db: sqlite3.Connection) -> None:
    db.execute("CREATE INDEX temp.here_key ON here (ars, key, rank)")
    db.execute("CREATE INDEX temp.here_service ON here (service_id, rank)")


def _above(db: sqlite3.Connection) -> Iterator[RegionName]:
    rows = db.execute(
        "SELECT DISTINCT r.ars, r.name, r.kind FROM (SELECT DISTINCT ars FROM temp.here) h"
        " JOIN region_ancestor a ON a.ars = h.ars AND a.distance > 0 JOIN region r ON r.ars = a.ancestor_ars ORDER BY r.ars"
    )
    return (RegionName(ars=row["ars"], name=row["name"], kind=row["kind"]) for row in rows)


def _services(db: sqlite3.Connection) -> Iterator[RegionService]:
    offices = competent_offices(db)
    links = region_links(db)
    holdings: dict[str, list[Holding]] = {}
    for row in db.execute(
        "SELECT service_id, ars, valid_in, distance, precision FROM temp.here WHERE rank = 1 ORDER BY service_id, ars"
    ):
        sid, ars, valid_in, distance, precision = row
        office = offices.get((ars, sid))
        holdings.setdefault(sid, []).append(
            Holding(ars=ars, valid_in=valid_in, distance=distance, precision=precision, office=office)
        )
    others: dict[str, list[str]] = {}
    for sid, other in db.execute(
        "SELECT DISTINCT f.service_id, o.service_id FROM temp.here f JOIN temp.here o ON o.ars = f.ars AND o.key = f.key"
        " WHERE f.rank = 1 AND o.rank > 1 AND o.service_id <> f.service_id ORDER BY 1, 2"
    ):
        others.setdefault(sid, []).append(other)
    for s in db.execute(
        "SELECT id, slug, title, summary, leika_key, level, language FROM service"
        " WHERE id IN (SELECT service_id FROM temp.here WHERE rank = 1) ORDER BY title, id"
    ):
        yield RegionService(
            id=s["id"],
            slug=s["slug"],
            title=s["title"],
            summary=s["summary"],
            leika_key=s["leika_key"],
            level=s["level"],
            language=s["language"],
            regions=tuple(holdings[s["id"]]),
            links=tuple(links.get(s["id"], ())),
            others=tuple(others.get(s["id"], ())),
        )
