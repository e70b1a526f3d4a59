"""What people decide about merging: records that belong together, and records that do not. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

from harvester.merge.card import Ref


@dataclass(frozen=True, slots=True)
class Rules:
    """``together`` are pairs with the reason given, ``apart`` are pairs that never end up in one service, whatever else says so."""

    together: tuple[tuple[Ref, Ref, str], ...] = ()
    apart: frozenset[tuple[Ref, Ref]] = field(default_factory=frozenset)

    def forbids(self, some: Iterable[Ref], others: Iterable[Ref]) -> bool:
        """Tell whether a record of the one group is to be kept apart from one of the other."""
        if not self.apart:
            return False
        beside = tuple(others)
        return any((min(one, other), max(one, other)) in self.apart for one in some for other in beside)


NO_RULES = Rules()


def make_rules(
    together: Iterable[tuple[tuple[Ref, ...], str]], apart: Iterable[tuple[Ref, ...]]
) -> tuple[Rules, list[tuple[Ref, Ref]]]:
    """Rules from groups of records, and the pairs that one group joins and another keeps apart: those stay apart."""
    kept = frozenset(pair for group in apart for pair in combinations(sorted(set(group)), 2))
    joins: list[tuple[Ref, Ref, str]] = []
    torn: list[tuple[Ref, Ref]] = []
    for group, reason in together:
        first, *others = sorted(set(group))
        torn += [pair for pair in combinations((first, *others), 2) if pair in kept]
        joins += [(first, other, reason) for other in others]
    return Rules(tuple(sorted(joins)), kept), sorted(set(torn))
