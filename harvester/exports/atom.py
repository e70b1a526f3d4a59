"""Atom feeds (RFC 4287): what changed lately, per region and per situation."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from harvester.exports.json_files import described_regions
from harvester.exports.naming import Naming
from harvester.exports.scope import Scope
from harvester.exports.xml_text import xml
from harvester.view.changes import Event, events_since

_NEWEST = 100
"""Entries of a feed; older events are in the change feed."""
_ALL = 2**62
"""No end to what is asked for."""
_KINDS = {
    "created": "Neu",
    "changed": "Geändert",
    "removed": "Entfallen",
    "link_broken": "Link defekt",
    "link_fixed": "Link wieder erreichbar",
    "recategorised": "Neu eingeordnet",
}


def write_atom(db: sqlite3.Connection, scope: Scope, naming: Naming, directory: Path) -> int:
    """``region-ARS.atom`` and ``situation-ID.atom``; returns the number of feeds.

    With a region, the feeds of situations tell what happened there. Of a service that is gone nobody knows the situations any
    more, so only the region's feed tells of it.
    """
    (built_at,) = db.execute("SELECT value FROM meta WHERE key = 'built_at'").fetchone()
    ars = scope.region.ars if scope.region else None
    count = 0
    places = list(described_regions(db, scope))
    latest = _latest(db, scope.since, [place.ars for place in places])
    for place in places:
        events = latest[place.ars]
        file = directory / f"region-{place.ars}.atom"
        file.write_text(
            "".join(_feed(db, place.name, f"region/{place.ars}", events, built_at, naming)), encoding="utf-8"
        )
        count += 1
    for row in db.execute("SELECT id, name FROM situation ORDER BY id").fetchall():
        events = list(events_since(db, scope.since, ars=ars, situation=row["id"], newest=_NEWEST))
        if events:
            title = f"{row['name']} – {scope.region.name}" if scope.region else row["name"]
            file = directory / f"situation-{re.sub(r'[^A-Za-z0-9._-]+', '-', row['id'])}.atom"
            name = f"situation/{row['id']}/{ars or ''}"
            file.write_text("".join(_feed(db, title, name, events, built_at, naming)), encoding="utf-8")
            count += 1
    return count


def _latest(db: sqlite3.Connection, since: int, regions: Sequence[str]) -> dict[str, list[Event]]:
    """The newest events of many regions in one way through the feed, which ends as soon as all have enough."""
    found: dict[str, list[Event]] = {ars: [] for ars in regions}
    waiting: dict[str, set[str]] = {}
    above: dict[str, list[str]] = {}
    for ars, ancestor in db.execute("SELECT ars, ancestor_ars FROM region_ancestor"):
        if ars in found:
            waiting.setdefault(ancestor, set()).add(ars)
            above.setdefault(ars, []).append(ancestor)
    missing = len(found)
    for event in events_since(db, since, newest=_ALL):
        places = event.regions or _regions_now(db, event)
        for ars in set().union(*(waiting.get(place, ()) for place in places)):
            found[ars].append(event)
            if len(found[ars]) == _NEWEST:
                missing -= 1
                for ancestor in above[ars]:
                    waiting[ancestor].discard(ars)
        if not missing:
            break
    return found


def _regions_now(db: sqlite3.Connection, event: Event) -> tuple[str, ...]:
    """Where the service of an event holds now, for an event of an earlier version that does not tell."""
    rows = db.execute("SELECT ars FROM service_region WHERE service_id = ?", (event.entity_id,))
    return tuple(row[0] for row in rows)


def _feed(
    db: sqlite3.Connection, title: str, name: str, events: list[Event], built_at: str, naming: Naming
) -> Iterator[str]:
    updated = events[0].at if events else built_at
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">\n'
    yield f"<id>{naming.thing('feed', name)}</id>\n<title>Leistungen: {xml(title)}</title>\n<updated>{updated}</updated>\n"
    yield "<author><name>egov-harvester</name></author>\n"
    for event in events:
        yield _entry(db, event, naming)
    yield "</feed>\n"


def _entry(db: sqlite3.Connection, event: Event, naming: Naming) -> str:
    field = f" ({event.module or event.field})" if event.field else ""
    title = f"{_KINDS.get(event.kind, event.kind)}: {event.title}{field}"
    row = db.execute("SELECT slug FROM service WHERE id = ?", (event.entity_id,)).fetchone()
    page = naming.page(event.entity_id, row["slug"]) if row else None
    link = f'<link rel="alternate" href="{xml(page)}"/>' if page else ""
    told = [f"vorher: {event.old}" if event.old else "", f"jetzt: {event.new}" if event.new else ""]
    return (
        f"<entry><id>{naming.thing('event', str(event.seq))}</id><title>{xml(title)}</title><updated>{event.at}</updated>"
        f'{link}<content type="text">{xml(chr(10).join(filter(None, told)) or event.title)}</content></entry>\n'
    )
