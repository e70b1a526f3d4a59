"""Shelves: what one source says about the services of one region, and how that changes from day to day."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from benchmarks.nation.dice import Dice
from benchmarks.nation.matters import POOL, Matter, matters, unkeyed

CHANGED, CREATED, REMOVED = 0.004, 0.0005, 0.0005
"""Shares of the services that change, come and go in a day: 0.5 % together. Day 1 is the first."""

_COMMON = 150
"""Half of what a town offers is among so many matters, which nearly all towns have."""
_UNKEYED = 0.02
_SHARED = 0.7
"""Share of a second source's services that the town's first source describes as well."""
_RESERVE = 10
"""One service in store, that may come some day, for so many that are there from the first day on."""


class Shelf(NamedTuple):
    """Descriptions of one region's services in one source.

    ``form`` is how they are written (xzufi, details, csv, dldb or a product of sites). ``size`` is how many there are on the
    first day, ``base`` the number that those of their services count from. ``beside`` is the shelf of the town's other source,
    some of whose services this one describes, too; ``alone`` says that no other source describes this region.
    """

    name: str
    source: str
    ars: str
    form: str
    agency: str
    base: int
    size: int
    beside: Shelf | None = None
    alone: bool = True

    @property
    def slots(self) -> int:
        """Services on the first day and in store."""
        return self.size + self.size // _RESERVE + 1


class Offer(NamedTuple):
    """One description on a day. ``version`` counts its changes; ``key`` is empty where it has none."""

    shelf: Shelf
    slot: int
    number: int
    key: str
    name: str
    version: int

    @property
    def identity(self) -> tuple[str, str]:
        """What makes it the same service in every source: region and key, or without a key source and identifier."""
        return (self.shelf.ars, self.key) if self.key else (self.shelf.source, self.remote_id)

    @property
    def remote_id(self) -> str:
        """What the harvester knows it by within its source."""
        match self.shelf.form:
            case "base" | "xzufi" | "details" | "csv":
                return f"{self.shelf.agency}.LB.{self.number}"
            case "generic":
                return f"/leistungen/{self.number}"
            case "citko":
                return uuid_of(self.number)
            case _:
                return str(self.number)


def uuid_of(number: int) -> str:
    """A number as citkoPortal writes it."""
    return f"{number:08x}-0000-4000-8000-{number:012x}"


def offers(dice: Dice, shelf: Shelf, day: int) -> list[Offer]:
    """All descriptions of a day, in the order of their slots."""
    versions = _versions(dice, shelf, day)
    return [
        offer for slot, version in enumerate(versions) if version >= 0 and (offer := _offer(dice, shelf, slot, version))
    ]


def offer_of(dice: Dice, shelf: Shelf, number: int, day: int) -> Offer | None:
    """The description with a number; None where there is none on that day."""
    slot = next((slot for slot, known in enumerate(_numbers(dice, shelf)) if known == number), None)
    version = -1 if slot is None else _versions(dice, shelf, day)[slot]
    return None if slot is None or version < 0 else _offer(dice, shelf, slot, version)


def stamp(dice: Dice, shelf: Shelf, day: int) -> str:
    """A short text that is another one as soon as anything on the shelf is."""
    return Dice(0).digest(dice.seed, shelf.name, *_versions(dice, shelf, day), size=8).hex()


def _offer(dice: Dice, shelf: Shelf, slot: int, version: int) -> Offer:
    matter = _matters(dice, shelf)[slot]
    return Offer(shelf, slot, _numbers(dice, shelf)[slot], matter.key, matter.name, version)


@lru_cache(maxsize=512)
def _versions(dice: Dice, shelf: Shelf, day: int) -> tuple[int, ...]:
    """The version of every slot; -1 for what is not there, -2 for what is gone for good."""
    if day <= 1:
        return (0,) * shelf.size + (-1,) * (shelf.slots - shelf.size)
    draw = dice.stream("day", shelf.name, day).random
    coming = CREATED * shelf.size / (shelf.slots - shelf.size)
    return tuple(_next(version, draw(), coming) for version in _versions(dice, shelf, day - 1))


def _next(version: int, chance: float, coming: float) -> int:
    if version >= 0:
        return version + 1 if chance < CHANGED else -2 if chance < CHANGED + REMOVED else version
    return 0 if version == -1 and chance < coming else version


@lru_cache(maxsize=512)
def _places(dice: Dice, shelf: Shelf) -> tuple[int, ...]:
    """What every slot is about: a place among the matters, negative for one without a key."""
    stream = dice.stream("slots", shelf.name)
    if shelf.form == "base":
        return tuple(range(shelf.slots))
    if shelf.beside is not None:
        known = _places(dice, shelf.beside)
        shared = stream.sample(known[: shelf.beside.size], int(shelf.size * _SHARED))
        others = stream.sample([place for place in range(POOL) if place not in set(known)], shelf.slots - len(shared))
        return tuple(shared + others)
    common = min(shelf.slots // 2, _COMMON)
    chosen = stream.sample(range(_COMMON), common) + stream.sample(range(_COMMON, POOL), shelf.slots - common)
    stream.shuffle(chosen)
    if not shelf.alone:
        return tuple(chosen)
    return tuple(-1 - place if stream.random() < _UNKEYED else place for place in chosen)


@lru_cache(maxsize=512)
def _matters(dice: Dice, shelf: Shelf) -> tuple[Matter, ...]:
    known, names = matters(dice.seed), unkeyed()
    return tuple(
        known[place] if place >= 0 else Matter("", names[(-1 - place) % len(names)]) for place in _places(dice, shelf)
    )


@lru_cache(maxsize=512)
def _numbers(dice: Dice, shelf: Shelf) -> tuple[int, ...]:
    """The number of every slot; PVOG shows what it has from the editorial system under the same."""
    own = range(shelf.base, shelf.base + shelf.slots)
    if shelf.beside is None or shelf.form not in {"details", "csv"}:
        return tuple(own)
    there = dict(zip(_places(dice, shelf.beside), _numbers(dice, shelf.beside), strict=True))
    return tuple(there.get(place, number) for place, number in zip(_places(dice, shelf), own, strict=True))
