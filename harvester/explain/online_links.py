"""Evidence for links that no description states: an online service that serves the service leads there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlite_utils import Database

from harvester.catalogue.meeting import LIVE
from harvester.explain.bytes_at import find_origin, join_locators, show_bytes
from harvester.explain.evidence import Evidence
from harvester.explain.link_note import LinkNote
from harvester.fetch import SnapshotStore
from harvester.model import OnlineService
from harvester.state import Packer

_LINKS = """
    SELECT k.position, k.role, k.label, k.ars, l.url, k.online_service_id, o.title
    FROM service_link k JOIN link l ON l.id = k.link_id JOIN online_service o ON o.id = k.online_service_id
    WHERE k.service_id = ? ORDER BY k.position
"""
_RECORD = f"""
    SELECT r.remote_id, r.content, r.provenance, r.url, r.sha256, r.locator, d.charset, d.fetched_at FROM record r
    LEFT JOIN document d ON d.source_id = r.source_id AND d.url = r.url AND d.sha256 = r.sha256
    WHERE r.source_id = ? AND r.kind = 'online_service' AND r.remote_id = ? AND r.status IN {LIVE}
"""


class OnlineLink(NamedTuple):
    """A link of a service that its online service gives: where it holds (``ars``), and which online service that is."""

    position: int
    role: str
    label: str
    ars: str | None
    url: str
    online: str
    title: str


def read_online_links(catalogue: sqlite3.Connection, service_id: str) -> list[OnlineLink]:
    """The links of a service that lead to its online services, also those that the description states itself."""
    return [OnlineLink(*row) for row in catalogue.execute(_LINKS, (service_id,))]


def trace_online_links(
    state: Database,
    store: SnapshotStore,
    links: Iterable[OnlineLink],
    sources: Iterable[str],
    notes: Mapping[str, LinkNote],
) -> Iterator[Evidence]:
    """A piece of evidence for each, as ``links/online/0`` and so on. ``sources`` are those in the catalogue."""
    known = sorted(sources)
    for number, link in enumerate(links):
        told = f"{link.role}: {link.url}" + (f" „{link.label}“" if link.label else "")
        held = f" in {link.ars}" if link.ars else ""
        reason = f"the online service „{link.title}“ ({link.online}) serves it{held}"
        stated = Evidence(f"links/online/{number}", told, "online-service", reason=reason, link=notes.get(link.url))
        yield _trace(state, store, stated, link, known)


def _trace(state: Database, store: SnapshotStore, stated: Evidence, link: OnlineLink, sources: list[str]) -> Evidence:
    packer = Packer()
    for source in sources:
        remote = link.online.removeprefix(f"{source}:")
        row = state.conn.execute(_RECORD, (source, remote)).fetchone()
        if row is None:
            continue
        record: OnlineService = packer.unpack("online_service", row["content"])
        origins = packer.unpack_provenance(row["provenance"])
        index = next((n for n, one in enumerate(record.links) if one.url == link.url), None)
        place = (find_origin(origins, f"links/{index}") if index is not None else None) or origins.get("remote_id")
        evidence = Evidence(
            stated.field,
            stated.value,
            place.rule if place else stated.rule,
            source=source,
            remote_id=row["remote_id"],
            reason=stated.reason,
            url=row["url"],
            fetched_at=row["fetched_at"] or "",
            snapshot=row["sha256"],
            locator=join_locators(row["locator"], place.locator if place else ""),
            link=stated.link,
        )
        return show_bytes(evidence, store, None, row["charset"])
    return stated
