"""What sitemaps of the last harvest list, for those who look where a page has gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from harvester.fetch.snapshots import SnapshotStore
from harvester.links.neighbours import Place, harvested_places
from harvester.links.places import host_of
from harvester.links.suggest import Places
from harvester.model import Document
from normalizers.website.sitemap import read_sitemap


def site_pages(state: sqlite3.Connection, store: SnapshotStore) -> Places:
    """A function that gives the known pages of hosts: those services were read from, and those in sitemaps."""

    def places(hosts: frozenset[str]) -> Iterator[Place]:
        yield from harvested_places(state, hosts)
        yield from _listed(state, store, hosts)

    return places


def _listed(state: sqlite3.Connection, store: SnapshotStore, hosts: frozenset[str]) -> Iterator[Place]:
    query = "SELECT url, role, sha256, size, media_type, charset, fetched_at FROM document WHERE role = 'sitemap'"
    for url, role, sha256, size, media_type, charset, at in state.execute(query).fetchall():
        if host_of(url) in hosts and store.has(sha256):
            document = Document(
                url=url,
                role=role,
                sha256=sha256,
                size=size,
                media_type=media_type,
                charset=charset,
                fetched_at=datetime.fromisoformat(at),
                open=partial(store.open, sha256),
            )
            yield from (Place(entry.url) for entry in read_sitemap(document).pages if host_of(entry.url) in hosts)
