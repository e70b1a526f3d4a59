"""What matching knows of records, and what it makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from harvester.model import Ars

SEVERAL_KEYS = "page serves several keys"
"""The reason of a contributor."""


class Ref(NamedTuple):
    """A record: its source and the source's own identifier."""

    source_id: str
    remote_id: str

    def __str__(self) -> str:
        """As people write it: ``source:remote id``."""
        return f"{self.source_id}:{self.remote_id}"


class Card(NamedTuple):
    """What matching needs to know of a record. ``keys`` and ``scope`` are sorted, blank between (LeiKa keys, regional keys).

    ``page`` is the address of the record's own page, ``leads`` are those of further information; each in one spelling
    (``harvester.matching.official.canonical``), empty where there is none.
    """

    ref: Ref
    keys: str
    scope: str
    title: str
    language: str = "de"
    page: str = ""
    leads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A record's part in a service, and why it has it."""

    ref: Ref
    reason: str  # "own", "joined by a person", "same identifier", "same key and region", "same address", "similar title" or SEVERAL_KEYS
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records that describe one service. ``members`` are sorted; contributors give links and texts, but no name."""

    members: tuple[Member, ...]
    contributors: tuple[Member, ...] = ()

    @property
    def first(self) -> Ref:
        """The smallest member, which stands for the cluster in every order."""
        return self.members[0].ref


def reach_of(scope: str) -> str:
    """The regions of a scope without those that lie inside another one of it: equal reaches hold in the same places."""
    regions = scope.split()
    if len(regions) < 2:
        return scope
    named = set(regions)
    return " ".join(ars for ars in regions if named.isdisjoint(Ars(ars).parents))
