"""The official record: which OZG-Leistung and Lage a LeiKa key belongs to, and what its prefixes and group tell."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from harvester.data import data_file
from harvester.model import LeikaKey

PURE = 0.95
"""Share from which a prefix or a group counts as belonging to one Themenfeld."""
ENOUGH = 5
"""Keys a group must have before its purity means something."""


class Entry(NamedTuple):
    """A key of the official list; Lage and Themenfeld are codes, empty for the few keys without one."""

    key: str
    name: str
    ozg_id: str
    lage: str
    field: str


@dataclass(frozen=True, slots=True)
class Vote:
    """What several keys say together: the code most of them have, its share, and how many were asked."""

    code: str
    share: float
    asked: int


@dataclass(frozen=True, slots=True)
class Leika:
    """The table and the votes made from it: Lagen by prefix of 11 and 8 digits, Themenfelder by group (5 digits: ``99`` and group)."""

    entries: Mapping[str, Entry]
    prefixes: Mapping[str, tuple[Vote, ...]]
    groups: Mapping[str, Vote]

    def by_key(self, key: LeikaKey) -> Entry | None:
        """The official record of exactly this key, if it has a Lage."""
        entry = self.entries.get(key)
        return entry if entry is not None and entry.lage else None

    def by_prefix(self, key: LeikaKey) -> tuple[int, tuple[Vote, ...]] | None:
        """Digits and votes of the longest prefix that is known: 11 digits (other details), then 8 (other actions)."""
        for digits in (11, 8):
            if votes := self.prefixes.get(key[:digits]):
                return digits, votes
        return None

    def by_group(self, key: LeikaKey) -> Vote | None:
        """The Themenfeld of the key's group, where the group is pure (at least 95 % of at least five keys)."""
        vote = self.groups.get(key[:5])
        return vote if vote is not None and vote.share >= PURE and vote.asked >= ENOUGH else None


def make_leika(entries: Iterable[Entry]) -> Leika:
    """The table from entries; entries without a Lage take no part in votes."""
    table = {entry.key: entry for entry in entries}
    lagen: dict[str, Counter[str]] = {}
    fields: dict[str, Counter[str]] = {}
    for entry in table.values():
        if entry.lage:
            for digits in (11, 8):
                lagen.setdefault(entry.key[:digits], Counter())[entry.lage] += 1
            fields.setdefault(entry.key[:5], Counter())[entry.field] += 1
    prefixes = {prefix: votes_of(counts) for prefix, counts in lagen.items()}
    return Leika(table, prefixes, {group: votes_of(counts)[0] for group, counts in fields.items()})


def votes_of(counts: Counter[str]) -> tuple[Vote, ...]:
    """Votes from counts, most first, then by code."""
    asked = counts.total()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Vote(code, count / asked, asked) for code, count in ordered)


def read_leika() -> Leika:
    """The project's own table ``data/ozg_leika.csv`` (official OZG list of October 2019)."""
    with data_file("ozg_leika.csv").open(encoding="utf-8", newline="") as file:
        return make_leika(
            Entry(row["leika_key"], row["name"], row["ozg_id"], row["lage"], row["themenfeld"])
            for row in csv.DictReader(file)
        )
