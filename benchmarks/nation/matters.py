"""What services are about: keys and names of the OZG list, none of them wider or narrower than another."""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

from benchmarks.nation.dice import Dice
from harvester.data import data_file

POOL = 1_200
"""Matters that the whole nation deals with; the first are the commonest."""


class Matter(NamedTuple):
    """A thing that is done with something: a key of fourteen digits and the official name."""

    key: str
    name: str


@cache
def matters(seed: int) -> tuple[Matter, ...]:
    """``POOL`` matters in a random order.

    Only keys that name object and action: two such keys exclude each other, so that no two services of a region are taken
    for one but those that have the same key.
    """
    with data_file("leika_superseded.csv").open(encoding="utf-8", newline="") as file:
        superseded = {row["leika_object"] for row in csv.DictReader(file)}
    with data_file("ozg_leika.csv").open(encoding="utf-8", newline="") as file:
        rows = [Matter(row["leika_key"], row["name"]) for row in csv.DictReader(file)]
    usable = [m for m in rows if m.key[8:11] != "000" and m.key[11:] == "000" and m.key[:8] not in superseded]
    return tuple(Dice(seed).stream("matters").sample(usable, POOL))


@cache
def unkeyed() -> tuple[str, ...]:
    """Names of services without a key."""
    with data_file("ozg_unkeyed.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["name"] for row in csv.DictReader(file) if "|" not in row["name"])
