"""Which records describe the same service. Pure, and independent of the order of records and sources.

Rules, in this order:

1. The identifier of an editorial system (``L100002.LB.4711``) names one description wherever it turns up. Where its
   records differ in keys or region, the smallest one that has keys stands for all in the other rules.
2. The same LeiKa keys in the same region, in different sources: one service. Records of one source are never merged with each
   other, for their source keeps them apart; where it has several, titles decide which one is meant.
3. A page that serves several keys contributes to the services of each key and never glues them together; not to those
   that its own source describes too, for it keeps them apart. It is a service of its own only where there is a key that
   it contributes to nobody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from rapidfuzz.fuzz import token_sort_ratio

_EDITORIAL = re.compile(r"[BLS]\d{6}\.LB\.\S+")
SEVERAL_KEYS = "page serves several keys"
"""The reason of a contributor."""


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


_Bundle: TypeAlias = list[Card]
"""Records with the same identifier, sorted."""


@dataclass(frozen=True, slots=True)
class Member:
    """A record's part in a service, and why it has it."""

    ref: Ref
    reason: str  # "own", "same identifier", "same key and region" or SEVERAL_KEYS
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
    groups: dict[tuple[str, str], list[_Bundle]] = defaultdict(list)
    clusters: list[Cluster] = []
    for bundle in _by_identifier(cards):
        lead = next((card for card in bundle if card.keys), None)
        if lead is None:
            clusters.append(_members(bundle, ""))
        else:
            groups[lead.keys, lead.scope].append(bundle)
    by_key: dict[tuple[str, str], list[Cluster]] = defaultdict(list)
    pages: list[tuple[list[str], str, Cluster]] = []
    for (keys, scope), found in groups.items():
        for bundles in _match(found):
            made = _members([card for bundle in bundles for card in bundle], f"{keys} in {scope}")
            if " " in keys:
                pages.append((keys.split(), scope, made))
            else:
                by_key[keys, scope].append(made)
    extra: dict[Ref, list[Member]] = defaultdict(list)
    for keys_of_page, scope, page in pages:
        served = [_contribute(page, by_key.get((key, scope), ()), key, extra) for key in keys_of_page]
        if not all(served):
            clusters.append(page)
    for made_of_key in by_key.values():
        clusters += [Cluster(c.members, tuple(sorted(extra.get(c.first, ()), key=_order))) for c in made_of_key]
    return sorted(clusters, key=lambda c: c.first)


def _contribute(page: Cluster, targets: Iterable[Cluster], key: str, extra: dict[Ref, list[Member]]) -> bool:
    """Let a page add to the services of one of its keys; tells whether there was any."""
    own = {member.ref.source_id for member in page.members}
    served = False
    for target in targets:
        if own.isdisjoint(member.ref.source_id for member in target.members):
            extra[target.first] += [Member(m.ref, SEVERAL_KEYS, key) for m in page.members]
            served = True
    return served


def is_editorial(remote_id: str) -> bool:
    """Tell whether an identifier is one of an editorial system of the Portalverbund, unique everywhere."""
    return _EDITORIAL.fullmatch(remote_id) is not None


def _by_identifier(cards: Iterable[Card]) -> list[_Bundle]:
    """Put records with the same editorial identifier together."""
    bundles: dict[str | Ref, list[Card]] = defaultdict(list)
    for card in sorted(cards):
        bundles[card.ref.remote_id if is_editorial(card.ref.remote_id) else card.ref].append(card)
    return sorted(bundles.values())


def _match(bundles: list[_Bundle]) -> list[list[_Bundle]]:
    """Pair records of different sources that have the same keys and region, best title first."""
    rows: list[list[_Bundle]] = []
    by_source: dict[str, list[_Bundle]] = defaultdict(list)
    for bundle in sorted(bundles):
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


def _order(member: Member) -> tuple[Ref, str]:
    return member.ref, member.evidence
