"""Which records describe the same service. Pure, and independent of the order of records and sources.

Rules, in this order; what a person decided (``Rules``) stands above all of them:

1. The identifier of an editorial system (``L100002.LB.4711``) names one description wherever it turns up. Where its
   records differ in keys or region, the smallest one that has keys stands for all in the other rules.
2. The same LeiKa keys in the same region, in different sources: one service. Records of one source are never merged with each
   other, for their source keeps them apart; where it has several, titles decide which one is meant.
3. A page that serves several keys contributes to the services of each key and never glues them together; not to those
   that its own source describes too, for it keeps them apart. It is a service of its own only where there is a key that
   it contributes to nobody.
4. The same address of the service in the same regions: the records' own page is the same, or one leads to the other's page and
   their titles are related.
5. Alike titles in the same regions, where each is clearly the nearest of its source to the other.

Rules 4 and 5 join only services of different sources whose keys do not contradict each other (``unite.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.fuzz import token_sort_ratio

from harvester.merge.bundles import Bundle, bundle_cards, members_of
from harvester.merge.card import SEVERAL_KEYS, Card, Cluster, Member, Ref
from harvester.merge.rules import NO_RULES, Rules
from harvester.merge.unite import unite_alike


def cluster(cards: Iterable[Card], rules: Rules = NO_RULES) -> list[Cluster]:
    """Group records into services."""
    known = {card.ref: card for card in cards}
    groups: dict[tuple[str, str], list[Bundle]] = defaultdict(list)
    clusters: list[Cluster] = []
    for bundle in bundle_cards(known.values(), rules):
        lead = next((card for card in bundle if card.keys), None)
        if lead is None:
            clusters.append(Cluster(members_of([bundle], rules, "")))
        else:
            groups[lead.keys, lead.scope].append(bundle)
    by_key: dict[tuple[str, str], list[Cluster]] = defaultdict(list)
    pages: list[tuple[list[str], str, Cluster]] = []
    for (keys, scope), found in groups.items():
        for bundles in _match(found, rules):
            made = Cluster(members_of(bundles, rules, f"{keys} in {scope}"))
            if " " in keys:
                pages.append((keys.split(), scope, made))
            else:
                by_key[keys, scope].append(made)
    extra: dict[Ref, list[Member]] = defaultdict(list)
    for keys_of_page, scope, page in pages:
        served = [_contribute(page, by_key.get((key, scope), ()), key, extra, rules) for key in keys_of_page]
        if not all(served):
            clusters.append(page)
    for made_of_key in by_key.values():
        clusters += [Cluster(c.members, tuple(sorted(extra.get(c.first, ()), key=_order))) for c in made_of_key]
    return unite_alike(clusters, known, rules)


def _contribute(
    page: Cluster, targets: Iterable[Cluster], key: str, extra: dict[Ref, list[Member]], rules: Rules
) -> bool:
    """Let a page add to the services of one of its keys; tells whether there was any."""
    refs = [member.ref for member in page.members]
    own = {ref.source_id for ref in refs}
    served = False
    for target in targets:
        others = [member.ref for member in target.members]
        if own.isdisjoint(ref.source_id for ref in others) and not rules.forbids(refs, others):
            extra[target.first] += [Member(ref, SEVERAL_KEYS, key) for ref in refs]
            served = True
    return served


def _match(bundles: list[Bundle], rules: Rules) -> list[list[Bundle]]:
    """Pair records of different sources that have the same keys and region, best title first."""
    rows: list[list[Bundle]] = []
    by_source: dict[str, list[Bundle]] = defaultdict(list)
    for bundle in sorted(bundles):
        by_source[bundle[0].ref.source_id].append(bundle)
    for _, own in sorted(by_source.items()):
        pairs = sorted(
            (
                (-token_sort_ratio(row[0][0].title, bundle[0].title), row_index, bundle_index)
                for row_index, row in enumerate(rows)
                for bundle_index, bundle in enumerate(own)
                if _may_meet([c.ref for b in row for c in b], [c.ref for c in bundle], rules)
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


def _may_meet(some: list[Ref], others: list[Ref], rules: Rules) -> bool:
    return {ref.source_id for ref in some}.isdisjoint(ref.source_id for ref in others) and not rules.forbids(
        some, others
    )


def _order(member: Member) -> tuple[Ref, str]:
    return member.ref, member.evidence
