"""Offices, online services and competences of all sources: read from the state, one row each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from sqlite_utils import Database

from harvester.catalogue.batch import Batch
from harvester.catalogue.meeting import LIVE
from harvester.catalogue.rows import global_id
from harvester.catalogue.writer import write
from harvester.model import Competence, Level, OnlineService, Organisation
from harvester.state import Packer

_MANY = 1000


def add_offices(db: sqlite3.Connection, state: Database, levels: Mapping[str, Level]) -> frozenset[str]:
    """Add the rows of ``organisation`` and ``online_service``; returns the identifiers of the former.

    The links of online services are left in ``temp.online_link``: a country has too many to remember them all for a whole build.
    Where two sources describe the same office, the one whose name comes first speaks; that does not depend on the order of runs.
    """
    packer, batch = Packer(), Batch()
    db.execute(
        "CREATE TEMP TABLE online_link (online TEXT, position INTEGER, url TEXT, role TEXT, label TEXT, language TEXT,"
        " PRIMARY KEY (online, position)) WITHOUT ROWID"
    )
    organisations: set[str] = set()
    for source_id, remote_id, content in _records(state, "organisation", levels):
        office: Organisation = packer.unpack("organisation", content)
        if (identifier := global_id(source_id, remote_id)) not in organisations:
            organisations.add(identifier)
            level = office.region.level if office.region else levels[source_id]
            told = (office.homepage, office.phone, office.email, office.address)
            batch.add(
                "organisation", (identifier, office.name, level, office.region, *(value or None for value in told))
            )
            _flush(db, batch)
    online: set[str] = set()
    for source_id, remote_id, content in _records(state, "online_service", levels):
        service: OnlineService = packer.unpack("online_service", content)
        if (identifier := global_id(source_id, remote_id)) not in online:
            online.add(identifier)
            db.executemany("INSERT INTO temp.online_link VALUES (?,?,?,?,?,?)", _links(identifier, service))
            lists = (" · ".join(service.identification), " · ".join(service.payment), " ".join(service.languages))
            batch.add(
                "online_service",
                (identifier, service.title, None, service.trust_level or None, *(v or None for v in lists)),
            )
            _flush(db, batch)
    write(db, batch)
    return frozenset(organisations)


def _flush(db: sqlite3.Connection, batch: Batch) -> None:
    """Write what has come together when it is much."""
    if sum(map(len, batch.rows.values())) >= _MANY:
        write(db, batch)


def _links(identifier: str, service: OnlineService) -> Iterator[tuple[object, ...]]:
    """The links of an online service that lead anywhere as they are."""
    for position, link in enumerate(service.links):
        if not link.template:
            yield identifier, position, link.url, str(link.role), link.label, link.language


def competences(state: Database, levels: Mapping[str, Level]) -> Iterator[tuple[str, Competence]]:
    """All competences with the source that states them."""
    packer = Packer()
    for source_id, _, content in _records(state, "competence", levels):
        yield source_id, packer.unpack("competence", content)


def _records(state: Database, kind: str, levels: Mapping[str, Level]) -> Iterator[sqlite3.Row]:
    rows = state.conn.execute(
        f"SELECT source_id, remote_id, content FROM record WHERE kind = ? AND status IN {LIVE} ORDER BY source_id, remote_id",
        (kind,),
    )
    return (row for row in rows if row["source_id"] in levels)


def add_competences(
    db: sqlite3.Connection,
    stated: Iterable[tuple[str, Competence]],
    organisations: frozenset[str],
) -> None:
    """Add who answers for a service where; statements about services or offices nobody describes are left out.

    A competence without regions of its own holds wherever the service does. Which online service serves a service is left in
    ``temp.served``.
    """
    db.execute("CREATE TEMP TABLE stated (source_id TEXT, remote_id TEXT, office TEXT, ars TEXT, role TEXT)")
    db.execute("CREATE TEMP TABLE served (source_id TEXT, remote_id TEXT, online TEXT, ars TEXT)")
    db.executemany("INSERT INTO temp.stated VALUES (?, ?, ?, ?, ?)", _stated(db, stated, organisations))
    db.execute(
        """
        INSERT OR IGNORE INTO competence
        SELECT p.service_id, t.office, coalesce(t.ars, r.ars), t.role
        FROM temp.stated t JOIN service_source p ON p.source_id = t.source_id AND p.remote_id = t.remote_id
        LEFT JOIN service_region r ON t.ars IS NULL AND r.service_id = p.service_id
        """
    )
    db.execute("DROP TABLE temp.stated")


def _stated(
    db: sqlite3.Connection,
    stated: Iterable[tuple[str, Competence]],
    organisations: frozenset[str],
) -> Iterator[tuple[str, str, str, str | None, str]]:
    for source_id, competence in stated:
        office = global_id(source_id, competence.organisation) if competence.organisation else None
        if office in organisations:
            for ars in competence.regions or (None,):
                yield source_id, competence.service, office, ars, competence.role
        if competence.online_service:
            served = global_id(source_id, competence.online_service)
            db.executemany(
                "INSERT INTO temp.served VALUES (?, ?, ?, ?)",
                [(source_id, competence.service, served, ars) for ars in competence.regions or (None,)],
            )
