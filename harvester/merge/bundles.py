"""Records that are one description beyond doubt: the same identifier of an editorial system, or a person said so. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from harvester.merge.card import Card, Member, Ref
from harvester.merge.rules import Rules

Bundle: TypeAlias = list[Card]
"""Records that belong together beyond doubt, sorted."""

JOINED = "joined by a person"
_EDITORIAL = re.compile(r"[BLS]\d{6}\.LB\.\S+")


def bundle_cards(cards: Iterable[Card], rules: Rules) -> list[Bundle]:
    """Put records together that have the same editorial identifier, or that a rule joins; those to be kept apart stay apart."""
    known = {card.ref: card for card in cards}
    by_name: dict[str | Ref, list[Ref]] = defaultdict(list)
    for ref in sorted(known):
        by_name[ref.remote_id if is_editorial(ref.remote_id) else ref].append(ref)
    groups: dict[Ref, set[Ref]] = {}
    for refs in by_name.values():
        for group in _apart(refs, rules):
            groups.update(dict.fromkeys(group, group))
    for one, other, _ in rules.together:
        if one in known and other in known and groups[one] is not groups[other]:
            united = groups[one] | groups[other]
            if not rules.forbids(groups[one], groups[other]):
                groups.update(dict.fromkeys(united, united))
    once = {min(group): group for group in groups.values()}
    return sorted(sorted(known[ref] for ref in group) for group in once.values())


def members_of(bundles: Iterable[Bundle], rules: Rules, evidence: str) -> tuple[Member, ...]:
    """The records of bundles that make up one service, each with why it belongs to it; ``evidence`` is that of bundles for each other."""
    joined: dict[Ref, str] = {}
    for one, other, reason in rules.together:
        joined.setdefault(other, reason)
        joined.setdefault(one, reason)
    parts = [(card, bundle) for bundle in bundles for card in bundle]
    parts.sort(key=lambda part: part[0].ref)
    first, home = parts[0]
    members = [Member(first.ref, "own")]
    for card, bundle in parts[1:]:
        if card.ref.remote_id == first.ref.remote_id and is_editorial(card.ref.remote_id):
            members.append(Member(card.ref, "same identifier", card.ref.remote_id))
        elif bundle is home and card.ref in joined:
            members.append(Member(card.ref, JOINED, joined[card.ref]))
        elif bundle is home:
            members.append(Member(card.ref, "same identifier", card.ref.remote_id))
        else:
            members.append(Member(card.ref, "same key and region", evidence))
    return tuple(members)


def is_editorial(remote_id: str) -> bool:
    """Tell whether an identifier is one of an editorial system of the Portalverbund, unique everywhere."""
    return _EDITORIAL.fullmatch(remote_id) is not None


def _apart(refs: list[Ref], rules: Rules) -> Iterator[set[Ref]]:
    """Split records where rules want it: each goes to the first group it may be in."""
    groups: list[set[Ref]] = []
    for ref in refs:
        home = next((group for group in groups if not rules.forbids((ref,), group)), None)
        if home is None:
            groups.append({ref})
        else:
            home.add(ref)
    yield from groups
