"""What holds in a place, ready to be counted and listed: layer by layer, as regions lie above each other.

What the Bund and a Land describe holds in thousands of municipalities. So each region's own descriptions are read once a build, and
laid upon the shelf of the region above it. Counts agree with ``harvester.view.tiles`` and the queries of ``examples/readers``.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Literal

Audience = Literal["citizen", "business"]

_SIGNS = re.compile(r"[^\w ]|_")
_LAYER = """
    SELECT r.service_id, coalesce(s.leika_key, s.id), s.slug, s.title, s.level, s.language, s.audience, s.changed_at, r.precision
    FROM service_region r CROSS JOIN service s ON s.id = r.service_id WHERE r.ars = ? AND s.status <> 'withdrawn'
"""
_LIES = """
    SELECT r.service_id, g.situation_id FROM service_region r CROSS JOIN service_situation g ON g.service_id = r.service_id
    WHERE r.ars = ?
"""
_MEANT: dict[str, Audience] = {"pvlagen:1": "citizen", "pvlagen:2": "business"}
"""Situations of the Portalverbund tell whom they are for by their first digit."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A description that a region makes or takes over: ``valid_in`` (ARS). ``situations`` are with all above them."""

    service_id: str
    key: str
    slug: str
    title: str
    level: str
    language: str
    audience: frozenset[str]
    changed_at: str
    precision: str
    valid_in: str
    situations: frozenset[str]
    order: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A service in a place: the description to show, and all there are, the nearest first.

    ``bodies`` are the regions in which it holds, where the place is several; then the one that holds in most of them is shown.
    """

    shown: Entry
    descriptions: tuple[Entry, ...]
    situations: frozenset[str]
    audience: frozenset[str]
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """All services of a place, in the order of titles; by LeiKa key, or identifier where they have none; and each description's key."""

    items: tuple[Item, ...]
    by_key: Mapping[str, Item]
    keys: Mapping[str, str]

    def find(self, service_id: str) -> Item | None:
        """The service that a description is one of; None where it does not hold in the place."""
        key = self.keys.get(service_id)
        return None if key is None else self.by_key[key]

    def pick(self, situations: Iterable[str] | None = None, audience: Audience | None = None) -> list[Item]:
        """The services in any of the situations (with all below them), and for an audience; None takes all."""
        wanted = None if situations is None else frozenset(situations)
        return [
            item
            for item in self.items
            if (audience is None or audience in item.audience)
            and (wanted is None or not wanted.isdisjoint(item.situations))
        ]


EMPTY = Shelf((), {}, {})


def read_layer(db: sqlite3.Connection, ars: str, above: Mapping[str, frozenset[str]]) -> list[Entry]:
    """What one region itself has; ``above`` are the situations with all above them, as ``read_above`` tells."""
    lies: dict[str, set[str]] = {}
    for service, situation in db.execute(_LIES, (ars,)):
        lies.setdefault(service, set()).update(above[situation])
    shared: dict[frozenset[str], frozenset[str]] = {}

    def entry(row: sqlite3.Row) -> Entry:
        service, key, slug, title, level, language, audience, changed_at, precision = row
        found = frozenset(lies.get(service, ()))
        situations = shared.setdefault(found, found)
        meant = _meant(audience, situations)
        order = _sort_key(title), service
        return Entry(service, key, slug, title, level, language, meant, changed_at, precision, ars, situations, order)

    return [entry(row) for row in db.execute(_LAYER, (ars,))]


def read_above(db: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Each situation with itself and all above it."""
    found: dict[str, set[str]] = {}
    for situation, above in db.execute("SELECT situation_id, ancestor_id FROM situation_ancestor"):
        found.setdefault(situation, set()).add(above)
    return {situation: frozenset(above) for situation, above in found.items()}


def lay_upon(below: Shelf, layer: Iterable[Entry]) -> Shelf:
    """What holds in a region: what holds in the one above it (``below`` on the shelf), and its own descriptions, which come first."""
    own: dict[str, list[Entry]] = {}
    for entry in layer:
        own.setdefault(entry.key, []).append(entry)
    new = [
        _item(sorted(entries, key=_newest) if len(entries) > 1 else entries, below.by_key.get(key))
        for key, entries in own.items()
    ]
    if not new:
        return below
    new.sort(key=_order)
    kept = (item for item in below.items if item.shown.key not in own)
    items = tuple(merge(kept, new, key=_order))
    keys = {entry.service_id: item.shown.key for item in new for entry in item.descriptions}
    return Shelf(items, {**below.by_key, **{item.shown.key: item for item in new}}, {**below.keys, **keys})


def put_together(shelves: Mapping[str, Shelf]) -> Shelf:
    """What holds in several regions (ARS), each service once."""
    found: dict[str, dict[str, Item]] = {}
    for ars, shelf in shelves.items():
        for item in shelf.items:
            found.setdefault(item.shown.key, {})[ars] = item
    items = sorted((_common(bodies) for bodies in found.values()), key=_order)
    by_key = {item.shown.key: item for item in items}
    return Shelf(
        tuple(items), by_key, {entry.service_id: item.shown.key for item in items for entry in item.descriptions}
    )


def _item(own: Sequence[Entry], below: Item | None) -> Item:
    if below is None and len(own) == 1:
        return Item(own[0], (own[0],), own[0].situations, own[0].audience)
    entries = (*own, *(below.descriptions if below else ()))
    return Item(
        entries[0], entries, _all(entry.situations for entry in entries), _all(entry.audience for entry in entries)
    )


def _common(bodies: Mapping[str, Item]) -> Item:
    """One service in several regions: shown is the description that counts in most of them, or else the one that holds in most."""
    items = list(bodies.values())
    counts = Counter(item.shown for item in items)
    shown, most = counts.most_common(1)[0]
    if most == 1 < len(items):
        shown = max(items, key=lambda item: len(item.descriptions)).descriptions[-1]
    entries = tuple(dict.fromkeys(entry for item in items for entry in item.descriptions))
    return Item(
        shown,
        entries,
        _all(item.situations for item in items),
        _all(item.audience for item in items),
        tuple(sorted(bodies)),
    )


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def _order(item: Item) -> tuple[str, str]:
    return item.shown.order


def _newest(entry: Entry) -> tuple[str, str]:
    """Of two descriptions by the same region the one that changed last counts."""
    return "".join(chr(0x10FFFF - ord(sign)) for sign in entry.changed_at), entry.service_id


def _meant(told: str, situations: Iterable[str]) -> frozenset[str]:
    """Whom a description is for: as it says itself, else as its situations tell, else everybody."""
    if told:
        return frozenset(told.split())
    found = frozenset(_MEANT[name[:9]] for name in situations if name[:9] in _MEANT)
    return found or frozenset({"citizen", "business"})


def _sort_key(title: str) -> str:
    """Titles as a German reader looks for them: ä as a, ß as ss; signs and case do not count (DIN 5007-1)."""
    return _SIGNS.sub("", unicodedata.normalize("NFKD", title.casefold())).strip()
