"""What a harvest of the nation has to find: counted from the nation itself, town by town, never from what was harvested. Pure.

A source that is out keeps what was seen of it last. Descriptions of the same matter in the same region are one service, as
long as any source goes on describing it: what one drops on the very day on which another takes it up is removed and created.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from benchmarks.nation.links import ways_of
from benchmarks.nation.nation import Nation
from benchmarks.nation.regions import laender
from benchmarks.nation.shelf import Offer, Shelf, offers

Identity = tuple[str, str]
"""Region and key, or source and identifier."""


@dataclass(slots=True)
class SourceTruth:
    """What a run of one source has to bring: descriptions seen, and how many of them are new, other, or gone."""

    seen: int = 0
    created: int = 0
    changed: int = 0
    removed: int = 0
    out: bool = False


@dataclass(slots=True)
class DayTruth:
    """A day of daily harvests. ``services`` are those of the catalogue; the sets are those that came, changed and went."""

    services: int = 0
    created: set[Identity] = field(default_factory=set)
    changed: set[Identity] = field(default_factory=set)
    removed: set[Identity] = field(default_factory=set)
    sources: dict[str, SourceTruth] = field(default_factory=lambda: defaultdict(SourceTruth))


def truth_of(nation: Nation, day: int) -> DayTruth:
    """What the catalogue has to hold after the harvest of a day, and what has to be new in it since the day before."""
    found = DayTruth()
    for shelves in _regions(nation):
        before, after = _held(nation, shelves, day - 1), _held(nation, shelves, day)
        found.services += len(after)
        lasting = {name for name in before.keys() & after.keys() if _sources(before[name]) & _sources(after[name])}
        found.created |= after.keys() - lasting
        found.removed |= before.keys() - lasting
        found.changed |= {name for name in lasting if before[name] != after[name]}
        for shelf in shelves:
            _count(nation, shelf, day, found.sources[shelf.source])
    return found


def _regions(nation: Nation) -> Iterator[tuple[Shelf, ...]]:
    """The shelves of one region after the other."""
    yield (nation.base_shelf(),)
    for land in laender():
        yield (nation.land_shelf(int(land.ars[:2])),)
    for town in nation.towns:
        yield nation.town_shelves(town)


def _held(nation: Nation, shelves: Iterable[Shelf], day: int) -> dict[Identity, frozenset[tuple[str, int]]]:
    """The services of a region as a daily harvest knows them: source and version of each description."""
    found: dict[Identity, set[tuple[str, int]]] = defaultdict(set)
    for shelf in shelves:
        for offer in _seen(nation, shelf, day):
            found[offer.identity].add((shelf.source, offer.version))
    return {name: frozenset(versions) for name, versions in found.items()}


def _sources(versions: Iterable[tuple[str, int]]) -> set[str]:
    return {source for source, _ in versions}


def _seen(nation: Nation, shelf: Shelf, day: int) -> Iterable[Offer]:
    last = nation.last_seen(shelf, day)
    return offers(nation.dice, shelf, last) if last else ()


def _count(nation: Nation, shelf: Shelf, day: int, told: SourceTruth) -> None:
    if nation.is_out(shelf, day):
        told.out = True
        return
    before = {offer.number: offer.version for offer in _seen(nation, shelf, day - 1)}
    after = {offer.number: offer.version for offer in offers(nation.dice, shelf, day)}
    told.seen += len(after)
    told.created += len(after.keys() - before.keys())
    told.removed += len(before.keys() - after.keys())
    told.changed += sum(before[number] != after[number] for number in before.keys() & after.keys())


def links_per_host(nation: Nation, day: int = 1) -> Counter[str]:
    """How many different links of the nation lead to each host."""
    urls = chain.from_iterable(
        (way.url for way in ways_of(nation, offer))
        for shelf in nation.shelves()
        for offer in offers(nation.dice, shelf, day)
    )
    return Counter(url.split("/")[2].partition(":")[0] for url in set(urls))
