"""What holds in a place, ready to be counted and listed: layer by layer, as regions lie above each other.

What the Bund and a Land describe holds in thousands of municipalities. So each region's own services are read once a build, and a
place is put together from the layers above it. Counts agree with ``harvester.view.tiles`` and the queries of ``examples/readers``.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Audience = Literal["citizen", "business"]

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


@dataclass(frozen=True, slots=True)
class Item:
    """A service in a place: the description to show, and all there are, the nearest first.

    ``distance`` is how many regions above the place the shown one was written for. ``bodies`` are the regions of the place in which
    it holds; with several of them the description shown is the one that holds in most.
    """

    shown: Entry
    distance: int
    descriptions: tuple[Entry, ...]
    bodies: tuple[str, ...]
    situations: frozenset[str]
    audience: frozenset[str]


@dataclass(frozen=True)
class Shelf:
    """All services of a place, in the order of titles. ``regions`` are the place's (ARS), more than one for an umbrella."""

    regions: tuple[str, ...]
    items: tuple[Item, ...]

    @cached_property
    def by_key(self) -> dict[str, Item]:
        """Services by LeiKa key, or by identifier where they have none."""
        return {item.shown.key: item for item in self.items}

    @cached_property
    def by_service(self) -> dict[str, Item]:
        """Services by the identifier of any of their descriptions."""
        return {entry.service_id: item for item in self.items for entry in item.descriptions}

    def pick(self, situations: Iterable[str] | None = None, audience: Audience | None = None) -> list[Item]:
        """The services in any of the situations (with all below them), and for an audience; None takes all."""
        wanted = None if situations is None else frozenset(situations)
        return [
            item
            for item in self.items
            if (audience is None or audience in item.audience)
            and (wanted is None or not wanted.isdisjoint(item.situations))
        ]

    def count(self, audience: Audience | None = None) -> Counter[str]:
        """How many services lie in each situation, with all below it."""
        return Counter(situation for item in self.pick(None, audience) for situation in item.situations)


def read_layer(db: sqlite3.Connection, ars: str, above: dict[str, frozenset[str]]) -> tuple[Entry, ...]:
    """What one region itself has, for whatever reason; ``above`` are the situations with all above them, as ``read_above`` tells."""
    lies: dict[str, set[str]] = {}
    for service, situation in db.execute(_LIES, (ars,)):
        lies.setdefault(service, set()).update(above[situation])
    nothing = frozenset[str]()
    shared: dict[frozenset[str], frozenset[str]] = {}

    def entry(row: sqlite3.Row) -> Entry:
        service, key, slug, title, level, language, audience, changed_at, precision = row
        situations = frozenset(lies.get(service, nothing))
        situations = shared.setdefault(situations, situations)
        meant = _meant(audience, situations)
        return Entry(service, key, slug, title, level, language, meant, changed_at, precision, ars, situations)

    return tuple(entry(row) for row in db.execute(_LAYER, (ars,)))


def read_above(db: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Each situation with itself and all above it."""
    found: dict[str, set[str]] = {}
    for situation, above in db.execute("SELECT situation_id, ancestor_id FROM situation_ancestor"):
        found.setdefault(situation, set()).add(above)
    return {situation: frozenset(above) for situation, above in found.items()}


def fill_shelf(places: Sequence[tuple[str, Sequence[tuple[int, Sequence[Entry]]]]]) -> Shelf:
    """Put together what holds in regions, each given with the layers that count there and their distance above it."""
    near: dict[str, dict[str, list[tuple[int, Entry]]]] = {}
    for ars, layers in places:
        for distance, layer in layers:
            for entry in layer:
                near.setdefault(entry.key, {}).setdefault(ars, []).append((distance, entry))
    items = [_item(bodies) for bodies in near.values()]
    items.sort(key=lambda item: (_sort_key(item.shown.title), item.shown.service_id))
    return Shelf(tuple(ars for ars, _ in places), tuple(items))


def _item(bodies: dict[str, list[tuple[int, Entry]]]) -> Item:
    """One service, described by several regions or for several ones."""
    everything: dict[str, tuple[int, Entry]] = {}
    for found in bodies.values():
        found.sort(key=lambda pair: pair[1].service_id)
        found.sort(key=lambda pair: pair[1].changed_at, reverse=True)
        found.sort(key=lambda pair: pair[0])
        for distance, entry in found:
            everything.setdefault(entry.service_id, (distance, entry))
    nearest = Counter(found[0][1].service_id for found in bodies.values())
    best = max(nearest.items(), key=lambda pair: pair[1])[0] if len(bodies) > 1 else next(iter(everything))
    if len(bodies) > 1 and nearest[best] == 1 < len(
        nearest
    ):  # each has its own: what holds in all of them says it best
        best = max(everything.values(), key=lambda pair: pair[0])[1].service_id
    distance, shown = everything[best]
    entries = tuple(entry for _, entry in everything.values())
    situations = entries[0].situations.union(*(entry.situations for entry in entries[1:]))
    audience = entries[0].audience.union(*(entry.audience for entry in entries[1:]))
    return Item(shown, distance, entries, tuple(sorted(bodies)), situations, audience)


def _meant(told: str, situations: Iterable[str]) -> frozenset[str]:
    """Whom a description is for: as it says itself, else as its situations tell, else everybody."""
    if told:
        return frozenset(told.split())
    found = frozenset(_MEANT[name[:9]] for name in situations if name[:9] in _MEANT)
    return found or frozenset({"citizen", "business"})


def _sort_key(title: str) -> str:
    """Titles as a German reader looks for them: ä as a, ß as ss, signs and case do not count (DIN 5007-1)."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    return "".join(sign for sign in plain if sign.isalnum() or sign == " ").strip()
