"""Which records describe the same service. Pure, and independent of the order of records and sources.

Rules, in this order:

1. The identifier of an editorial system (``L100002.LB.4711``) names one description wherever it turns up.
2. The same LeiKa keys in the same region, in different sources: one service. Records of one source are never merged with each
   other, for their source keeps them apart; where it has several, titles decide which one is meant.
3. A page that serves several keys contributes to the services of each key and never glues them together. It is a service of
   its own only for keys that no other record serves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.fuzz import token_sort_ratio

_EDITORIAL = re.compile(r"[BLS]\d{6}\.LB\.\S+")


class Ref(NamedTuple):
    """A record: its source and the source's own identifier."""

    source_id: str
    remote_id: str


class Card(NamedTuple):
    """What matching needs to know of a record. ``keys`` and ``scope`` are sorted, blank between (LeiKa keys, regional keys)."""

    ref: Ref
    keys: str
    scope: str
    title: str


@dataclass(frozen=True, slots=True)
class Member:
    """A record's part in a service, and why it has it."""

    ref: Ref
    reason: str  # "own", "same identifier", "same key and region", "page serves several keys"
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


def cluster(cards: Iterable[Card]) -> list[Cluster]:
    """Group records into services."""
    bundles = _by_identifier(cards)
    groups: dict[tuple[str, str], list[list[Card]]] = defaultdict(list)
    alone: list[list[Card]] = []
    for bundle in bundles:
        keys = _union(card.keys for card in bundle)
        (groups[keys, _union(card.scope for card in bundle)] if keys else alone).append(bundle)
    clusters = [_members(bundle, "") for bundle in alone]
    by_key: dict[tuple[str, str], list[Cluster]] = defaultdict(list)
    pages: list[tuple[tuple[str, ...], str, Cluster]] = []
    for (keys, scope), found in sorted(groups.items()):
        for grouped in _match(found):
            made = _members([card for bundle in grouped for card in bundle], f"{keys} in {scope}")
            if " " in keys:
                pages.append((tuple(keys.split()), scope, made))
            else:
                by_key[keys, scope].append(made)
    extra: dict[Ref, list[Member]] = defaultdict(list)
    for keys_of_page, scope, page in pages:
        served = [key for key in keys_of_page if by_key.get((key, scope))]
        for key in served:
            for target in by_key[key, scope]:
                extra[target.first] += [Member(m.ref, "page serves several keys", key) for m in page.members]
        if len(served) < len(keys_of_page):
            clusters.append(page)
    for found_clusters in by_key.values():
        clusters += [Cluster(c.members, tuple(sorted(extra.get(c.first, ()), key=_order))) for c in found_clusters]
    return sorted(clusters, key=lambda c: c.first)


def is_editorial(remote_id: str) -> bool:
    """Tell whether an identifier is one of an editorial system of the Portalverbund, unique everywhere."""
    return _EDITORIAL.fullmatch(remote_id) is not None


def _by_identifier(cards: Iterable[Card]) -> list[list[Card]]:
    """Put records with the same editorial identifier together."""
    bundles: dict[str | Ref, list[Card]] = defaultdict(list)
    for card in sorted(cards):
        bundles[card.ref.remote_id if is_editorial(card.ref.remote_id) else card.ref].append(card)
    return sorted(bundles.values())


def _match(bundles: list[list[Card]]) -> list[list[list[Card]]]:
    """Pair records of different sources that have the same keys and region, best title first."""
    rows: list[list[list[Card]]] = []
    by_source: dict[str, list[list[Card]]] = defaultdict(list)
    for bundle in bundles:
        by_source[bundle[0].ref.source_id].append(bundle)
    for _, own in sorted(by_source.items()):
        pairs = sorted(
            (
                (-token_sort_ratio(row[0][0].title, bundle[0].title), row_index, bundle_index)
                for row_index, row in enumerate(rows)
                for bundle_index, bundle in enumerate(own)
                if not {c.ref.source_id for b in row for c in b} & {c.ref.source_id for c in bundle}
            ),
        )
        used_rows: set[int] = set()
        used: set[int] = set()
        for _, row_index, bundle_index in pairs:
            if row_index not in used_rows and bundle_index not in used:
                rows[row_index].append(own[bundle_index])
                used_rows.add(row_index)
                used.add(bundle_index)
        rows += [[bundle] for index, bundle in enumerate(own) if index not in used]
    return rows


def _members(cards: list[Card], evidence: str) -> Cluster:
    ordered = sorted(cards)
    first = ordered[0].ref
    members = [Member(first, "own")]
    for card in ordered[1:]:
        same = card.ref.remote_id == first.remote_id
        reason = "same identifier" if same else "same key and region"
        members.append(Member(card.ref, reason, card.ref.remote_id if same else evidence))
    return Cluster(tuple(members))


def _union(lists: Iterable[str]) -> str:
    return " ".join(sorted({word for words in lists for word in words.split()}))


def _order(member: Member) -> tuple[Ref, str]:
    return member.ref, member.evidence
