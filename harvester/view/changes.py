"""The change feed: what happened since an event or a moment, in a region or everywhere."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime

from harvester.errors import UsageError
from harvester.model import Model

_TEXT = re.compile(r"texts/([a-z_]+)/")


class Event(Model):
    """One thing that happened to one field of a service (or link). ``seq`` grows by time and is never used twice.

    ``title`` is that of the service, as it is now or was last. ``old`` and ``new`` are without markup and cut at 2,000
    characters. ``regions`` are the keys (ARS) of the regions where the service held.
    """

    seq: int
    at: str
    kind: str
    entity: str
    entity_id: str
    title: str
    field: str
    old: str | None
    new: str | None
    regions: tuple[str, ...]

    @property
    def module(self) -> str | None:
        """The text module that changed, such as ``fees``; None where no text did."""
        found = _TEXT.match(self.field)
        return found[1] if found else None


_EVENTS = """
    SELECT e.seq, e.at, e.kind, e.entity, e.entity_id, coalesce(s.title, l.url, x.old, e.old, e.new, '') AS title,
           e.field, e.old, e.new, e.regions
    FROM event e LEFT JOIN service s ON e.entity = 'service' AND s.id = e.entity_id
    LEFT JOIN link l ON e.entity = 'link' AND l.id = e.entity_id
    LEFT JOIN event x ON s.id IS NULL AND e.entity = 'service' AND x.seq = (
        SELECT max(seq) FROM event WHERE entity = 'service' AND entity_id = e.entity_id AND kind = 'removed')
    WHERE e.seq > :since
"""
_HERE = """
    AND (EXISTS (SELECT 1 FROM region_ancestor a WHERE a.ars = :ars AND instr(e.regions, a.ancestor_ars))
         OR e.regions IS NULL AND EXISTS (
            SELECT 1 FROM service_region r JOIN region_ancestor a ON a.ars = :ars AND a.ancestor_ars = r.ars
            WHERE r.service_id = e.entity_id)
         OR e.entity = 'link' AND EXISTS (
            SELECT 1 FROM service_link k JOIN service_region r ON r.service_id = k.service_id
            JOIN region_ancestor a ON a.ars = :ars AND a.ancestor_ars = r.ars WHERE k.link_id = e.entity_id))
"""
_IN_SITUATION = """
    AND e.entity_id IN (
        SELECT g.service_id FROM situation_ancestor b JOIN service_situation g ON g.situation_id = b.situation_id
        WHERE b.ancestor_id = :situation)
"""


def events_since(
    db: sqlite3.Connection,
    since: int,
    *,
    ars: str | None = None,
    situation: str | None = None,
    newest: int | None = None,
) -> Iterator[Event]:
    """Events after number ``since``, in their order, or with ``newest`` so many of the last ones, the last first.

    With ``ars`` those that a citizen of the region notices: of services that hold there or in a region above it. With
    ``situation`` those of services that are in it, or in one below it, now.
    """
    query = _EVENTS + (_HERE if ars else "") + (_IN_SITUATION if situation else "") + " ORDER BY e.seq"
    query += " DESC LIMIT :newest" if newest else ""
    told = {"since": since, "ars": ars, "situation": situation, "newest": newest}
    for row in db.execute(query, told):
        values = {name: row[name] for name in Event.model_fields if name != "regions"}
        yield Event.model_construct(**values, regions=tuple((row["regions"] or "").split()))


def read_since(db: sqlite3.Connection, told: str) -> int:
    """The number of the last event before what a person means by ``since``: a number itself, or a day or time (UTC).

    Raises:
        UsageError: it is neither, or the event is not there yet.
    """
    (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    if told.isascii() and told.isdigit() and len(told) < 19:
        if int(told) > last:
            raise UsageError(
                f"there is no event {told} yet, the last one is {last}; has the reader read another catalogue?"
            )
        return int(told)
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise UsageError(
            f"{told!r} is neither the number of an event nor a time such as 2026-11-22 or 2026-11-22T06:00"
        ) from error
    utc = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    (seq,) = db.execute("SELECT coalesce(max(seq), 0) FROM event WHERE at < ?", (utc.isoformat(),)).fetchone()
    return int(seq)
