"""Pairs of services that look like one: the same address, or alike titles, in the same regions and in different sources. Pure.

Everything is looked up by a key (an address; the longest word of a title), so that a region with twice the services takes twice
the time. A word that more than ``_CROWD`` services of a region have says too little to look by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple, TypeVar

from harvester.merge.card import Card, Cluster, Ref
from harvester.merge.likeness import ALIKE, CLEAR, anchor_of, likeness, words_of
from harvester.model import LeikaKey

SAME_ADDRESS = "same address"
SIMILAR_TITLE = "similar title"
_RELATED = 0.5
"""How alike titles have to be where one record only leads to the other's page: such links also lead to pages of whole offices."""
_CROWD = 60
_Name = TypeVar("_Name", int, Ref)


class Part(NamedTuple):
    """A service as the rules before made it, with its records' cards (``cards[0]`` is its first) and its place in the list of all."""

    number: int
    cluster: Cluster
    cards: tuple[Card, ...]
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two services, by place, that seem to be one, and why. Lower ranks decide first."""

    rank: int
    score: float
    one: int
    other: int
    reason: str
    evidence: str

    @property
    def order(self) -> tuple[int, float, int, int]:
        """How pairs are sorted."""
        return self.rank, -self.score, self.one, self.other


def contradict(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether the keys of two records exclude each other.

    A key agrees with its wider ones (14 digits with the action's 11 and the object's 8); a record without keys with every other.
    """
    left, right = [LeikaKey(key) for key in one], [LeikaKey(key) for key in other]
    return bool(left and right) and not any(a in b.hierarchy or b in a.hierarchy for a in left for b in right)


def alike_pairs(parts: Sequence[Part]) -> Iterator[Pair]:
    """All pairs among services that hold in the same regions and are written in the same language."""
    if len(frozenset[str]().union(*(part.sources for part in parts))) > 1:
        yield from _by_page(parts)
        yield from _by_lead(parts)
        yield from _by_title(parts)


def _fits(one: Part, other: Part) -> bool:
    return one.sources.isdisjoint(other.sources) and not any(
        contradict(a.keys.split(), b.keys.split()) for a in one.cards for b in other.cards
    )


def _pair(rank: int, score: float, one: Part, other: Part, reason: str, evidence: str) -> Pair:
    return Pair(rank, score, min(one.number, other.number), max(one.number, other.number), reason, evidence)


def _single(parts: Iterable[Part]) -> list[Part]:
    """Those parts of whose sources none is in another part: where a source has several, it is not clear which is meant."""
    found = list({part.number: part for part in parts}.values())
    count = Counter(source for part in found for source in part.sources)
    return [part for part in found if all(count[source] == 1 for source in part.sources)]


def _pages(parts: Iterable[Part]) -> dict[str, list[Part]]:
    pages: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        for address in {card.page for card in part.cards if card.page}:
            pages[address].append(part)
    return pages


def _by_page(parts: Iterable[Part]) -> Iterator[Pair]:
    """Two records whose own page is the same."""
    for address, owners in _pages(parts).items():
        for one, other in combinations(_single(owners), 2):
            if _fits(one, other):
                yield _pair(0, 1.0, one, other, SAME_ADDRESS, address)


def _by_lead(parts: Sequence[Part]) -> Iterator[Pair]:
    """A record that leads to another one's page for further information."""
    leading: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        for address in {address for card in part.cards for address in card.leads}:
            leading[address].append(part)
    for address, owners in _pages(parts).items():
        owner = owners[0]
        if len(owners) > 1 or address not in leading:
            continue
        for other in _single(part for part in leading[address] if part.number != owner.number):
            score, told = _liken(owner, other)
            if score >= _RELATED and _fits(owner, other):
                yield _pair(1, score, owner, other, SAME_ADDRESS, f"{address}, titles {score:.2f} alike ({told})")


def _by_title(parts: Sequence[Part]) -> Iterator[Pair]:
    """Alike titles, where each is clearly the nearest of its source to the other."""
    near: dict[int, dict[int, tuple[float, str]]] = defaultdict(dict)
    for one, other in _neighbours(parts):
        if _fits(one, other):
            near[one.number][other.number] = near[other.number][one.number] = _liken(one, other)
    by_number = {part.number: part for part in parts}
    for one_number, found in near.items():
        for other_number, (score, told) in found.items():
            if one_number < other_number and score >= ALIKE:
                one, other = by_number[one_number], by_number[other_number]
                second = max(_second(one, other, near, by_number), _second(other, one, near, by_number))
                if score - second >= CLEAR:
                    evidence = f"{score:.2f} {told}" + (f", next {second:.2f}" if second else "")
                    yield _pair(2, score, one, other, SIMILAR_TITLE, evidence)


def _second(
    one: Part, other: Part, near: Mapping[int, Mapping[int, tuple[float, str]]], parts: Mapping[int, Part]
) -> float:
    """How near the nearest rival comes to ``one``: a service that a source of ``other`` keeps apart from it."""
    rivals = (
        score
        for index, (score, _) in near[one.number].items()
        if index != other.number and not parts[index].sources.isdisjoint(other.sources)
    )
    return max(rivals, default=0.0)


def _neighbours(parts: Iterable[Part]) -> Iterator[tuple[Part, Part]]:
    """Pairs of different sources, of which one has the other's longest word in its title."""
    known = {part.number: part for part in parts}
    titles = ((part.number, card.title) for part in known.values() for card in part.cards)
    for one, other in _meeting_words(titles):
        if known[one].sources.isdisjoint(known[other].sources):
            yield known[one], known[other]


def near_titles(cards: Iterable[Card]) -> Iterator[tuple[Ref, Ref]]:
    """Pairs of records of different sources whose titles are so alike that they are one service, or come into question beside it."""
    known = {card.ref: card for card in cards}
    for one, other in _meeting_words((card.ref, card.title) for card in known.values()):
        if one.source_id != other.source_id:
            alike = likeness(words_of(known[one].title), words_of(known[other].title))
            if alike >= ALIKE - CLEAR:
                yield one, other


def _meeting_words(titles: Iterable[tuple[_Name, str]]) -> Iterator[tuple[_Name, _Name]]:
    """Pairs of names, of which one has the other's longest word in its title; words that a crowd has are passed over."""
    holding: dict[str, dict[_Name, None]] = defaultdict(dict)
    anchored: dict[str, dict[_Name, None]] = defaultdict(dict)
    for name, title in titles:
        words = words_of(title)
        for word in (word for word, weight in words.items() if weight == 1.0):
            holding[word][name] = None
        if words:
            anchored[anchor_of(words)][name] = None
    for word, some in anchored.items():
        if len(holding[word]) <= _CROWD:
            yield from ((one, other) for one, other in product(some, holding[word]) if one != other)


def _liken(one: Part, other: Part) -> tuple[float, str]:
    """The nearest titles of two services, how near they are, and the two as evidence, in the order of the services."""
    one, other = sorted((one, other), key=lambda part: part.number)
    pairs = ((likeness(words_of(a.title), words_of(b.title)), a.title, b.title) for a in one.cards for b in other.cards)
    score, left, right = max(pairs)
    return score, f"„{left}“" if left == right else f"„{left}“ – „{right}“"
