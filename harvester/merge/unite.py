"""Make one service of those that look alike, surest first, as long as nothing speaks against it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from harvester.merge.alike import Pair, Part, alike_pairs, contradict
from harvester.merge.bundles import is_editorial
from harvester.merge.card import Card, Cluster, Member, Ref, reach_of
from harvester.merge.rules import Rules


def unite_alike(clusters: Iterable[Cluster], cards: Mapping[Ref, Card], rules: Rules) -> list[Cluster]:
    """Clusters again, fewer. Pages that serve several keys stay as they are: they would glue services together."""
    ordered = sorted(clusters, key=lambda c: c.first)
    groups: dict[tuple[str, str], list[Part]] = defaultdict(list)
    parts: list[Part] = []
    for number, found in enumerate(ordered):
        own = tuple(cards[member.ref] for member in found.members)
        part = Part(number, found, own, frozenset(card.ref.source_id for card in own))
        parts.append(part)
        if not any(" " in card.keys for card in own):
            lead = next((card for card in own if card.keys), own[0])
            groups[reach_of(lead.scope), lead.language].append(part)
    pairs = [pair for group in groups.values() if len(group) > 1 for pair in alike_pairs(group)]
    home = list(range(len(parts)))
    for pair in sorted(pairs, key=lambda pair: pair.order):
        one, other = sorted((_home(home, pair.one), _home(home, pair.other)))
        if one != other and _may_unite(parts[one], parts[other], rules):
            home[other] = one
            parts[one] = _unite(parts[one], parts[other], pair)
    return [parts[index].cluster for index in range(len(parts)) if home[index] == index]


def _home(home: list[int], index: int) -> int:
    while home[index] != index:
        index = home[index]
    return index


def _may_unite(one: Part, other: Part, rules: Rules) -> bool:
    helping = {member.ref.source_id for part in (one, other) for member in part.cluster.contributors}
    return (
        one.sources.isdisjoint(other.sources)
        and helping.isdisjoint(one.sources | other.sources)
        and not rules.forbids(_refs(one), _refs(other))
        and not any(contradict(a.keys.split(), b.keys.split()) for a in one.cards for b in other.cards)
        and not _kept_apart(one, other)
    )


def _refs(part: Part) -> list[Ref]:
    return [member.ref for member in (*part.cluster.members, *part.cluster.contributors)]


def _kept_apart(one: Part, other: Part) -> bool:
    """Whether an editorial system has both, under different identifiers: then it knows them as two."""
    systems = [{card.ref.remote_id for card in part.cards if is_editorial(card.ref.remote_id)} for part in (one, other)]
    names = [{remote_id.partition(".")[0] for remote_id in some} for some in systems]
    return not names[0].isdisjoint(names[1]) and systems[0].isdisjoint(systems[1])


def _unite(one: Part, other: Part, pair: Pair) -> Part:
    """``one`` has the smaller first record, which stays the one that the service is named after."""
    first, *rest = other.cluster.members
    members = (*one.cluster.members, Member(first.ref, pair.reason, pair.evidence), *rest)
    helping = {(m.ref, m.evidence): m for m in (*one.cluster.contributors, *other.cluster.contributors)}
    cluster = replace(
        one.cluster,
        members=tuple(sorted(members, key=lambda m: m.ref)),
        contributors=tuple(helping[key] for key in sorted(helping)),
    )
    cards = tuple(sorted((*one.cards, *other.cards)))
    return Part(one.number, cluster, cards, one.sources | other.sources)
