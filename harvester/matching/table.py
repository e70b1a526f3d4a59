"""All names that are known, indexed: which objects a wording speaks of, and how well. Pure.

A name is compared by the weight of the units it shares with a wording: how much of the name stands in the wording, and how much of the
wording stands in the name. Rare units weigh more; actions (Ausstellung, Anmeldung) and words that belong to every application
little, for they do not tell what it is about.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from harvester.matching.entries import Entry, Knowledge, read_knowledge
from harvester.matching.vocabulary import Vocabulary, stem, words_of
from harvester.situations.words import Words, read_words

_ACTION = 0.35
_EVERYWHERE = 0.15
_UNKNOWN = 0.6
_LESSER = 0.7
"""How much a unit counts in an object's profile when only the names of its actions have it."""
_REMEMBERED = 200
"""Wordings; what one is like takes some 40 KB."""
_COMMON = frozenset(
    stem(word)
    for word in (
        *(
            "beantragen",
            "beantragung",
            "antrag",
            "antraege",
            "stellen",
            "erhalten",
            "online",
            "informationen",
            "information",
        ),
        *(
            "termin",
            "vereinbaren",
            "buchen",
            "lassen",
            "moeglich",
            "personen",
            "person",
            "neue",
            "neuen",
            "neuer",
            "neues",
        ),
        *("nicht", "kein", "keine", "ueber", "telefon", "ort", "vor"),
    )
)


class Likeness(NamedTuple):
    """How well a name fits a wording, 0 to 1.

    ``score`` is the harmonic mean of ``of_name`` (how much of the name stands in the wording) and ``of_wording``.
    """

    score: float
    of_name: float
    entry: Entry | None


class Table:
    """The index. Made once; asking changes nothing but what it remembers."""

    def __init__(self, knowledge: Knowledge, words: Words) -> None:
        """Index the entries; ``words`` are the citizens' words."""
        self.entries = tuple(sorted(set(knowledge.entries)))
        self.seen = knowledge.seen
        self.superseded: Mapping[str, tuple[str, ...]] = knowledge.superseded or {}
        self.words = words
        self.keys = frozenset(entry.key for entry in self.entries if entry.kind != "said")
        self.by_object: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            self.by_object[entry.object].append(number)
        self.vocabulary = Vocabulary(entry.name for entry in self.entries)
        self._units = [self.vocabulary.units(entry.name) for entry in self.entries]
        self._counts = self._count()
        self.action_units = self._find_actions()
        self._weights = {unit: self._weigh(unit) for unit in self._counts}
        self._totals = [self._sum(units) or 1.0 for units in self._units]
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, units in enumerate(self._units):
            for unit, share in units.items():
                self._postings[unit].append((number, share * self._weights[unit]))
        self._profiles = self._make_profiles()
        self.actions_of = {
            code: frozenset(unit for n in numbers for unit in self._units[n] if unit in self.action_units)
            for code, numbers in self.by_object.items()
        }
        self.laws_of = {
            code: frozenset(law for n in numbers for law in self.entries[n].laws.split())
            for code, numbers in self.by_object.items()
        }
        self._law_counts = Counter(law for laws in self.laws_of.values() for law in laws)
        self._remembered: dict[str, dict[str, Likeness]] = {}

    def name_of(self, code: str) -> str:
        """What an object is called: by its own name, else the shortest official one; empty where it is unknown."""
        own = [self.entries[n] for n in self.by_object.get(code, ())]
        official = [entry for entry in own if entry.kind == "object"] or [e for e in own if e.kind == "official"]
        return min((entry.name for entry in official), key=lambda name: (len(name), name), default="")

    def liken(self, wording: str) -> Mapping[str, Likeness]:
        """The best name of every object that shares something with a wording."""
        if (found := self._remembered.get(wording)) is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[wording] = found = self._liken(self.vocabulary.units(wording))
        return found

    def _liken(self, units: Mapping[str, float]) -> dict[str, Likeness]:
        total, known = self._spread(units)
        of_name: dict[int, float] = defaultdict(float)
        of_wording: dict[int, float] = defaultdict(float)
        for unit, (weight, sure) in known.items():
            for number, share in self._postings[unit]:
                of_name[number] += share * sure
                of_wording[number] += weight * sure
        best: dict[str, Likeness] = {}
        for number in sorted(of_name):
            name, wording = min(1.0, of_name[number] / self._totals[number]), min(1.0, of_wording[number] / total)
            score = 2 * name * wording / (name + wording)
            entry = self.entries[number]
            before = best.get(entry.object)
            if before is None or score > before.score:
                best[entry.object] = Likeness(score, name, entry)
        return best

    def _spread(self, units: Mapping[str, float]) -> tuple[float, dict[str, tuple[float, float]]]:
        """The weight of a wording, and the known units it has or may mean with their weight in it and how sure that is."""
        total = 0.0
        known: dict[str, tuple[float, float]] = {}
        for unit, share in units.items():
            near = self.vocabulary.near(unit, self._counts)
            weight = share * self.weight(unit) * (1.0 if near else _UNKNOWN)
            total += weight
            for meant, sure in near:
                if weight * sure > math.prod(known.get(meant, (0.0, 0.0))):
                    known[meant] = weight, sure
        return total or 1.0, known

    def compare(self, parts: Iterable[tuple[float, Mapping[str, float]]]) -> Mapping[str, float]:
        """Cosine of a mixture of wordings (weight and units of each) with the profile of every object: all its names together."""
        mixed: Counter[str] = Counter()
        for weight, units in parts:
            for unit, share in units.items():
                mixed[unit] += weight * share  # type: ignore[assignment]  # a Counter of weights, not of counts
        vector = {u: (1 + math.log(s) if s > 1 else s) * self.weight(u) for u, s in mixed.items()}
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        found: dict[str, float] = defaultdict(float)
        for unit, value in vector.items():
            for code, share in self._profiles.get(unit, ()):
                found[code] += value * share / length
        return found

    def mentions(self, units: Mapping[str, float], code: str) -> float:
        """How completely a text names an object, 0 to 1; short names that many share say less."""
        best = 0.0
        for number in self.by_object[code]:
            if (total := self._totals[number]) > 3:
                share = self._sum({u: s for u, s in self._units[number].items() if u in units}) / total
                best = max(best, share * share * min(1.0, total / 8))
        return best

    def lawful(self, laws: Iterable[str], code: str) -> float:
        """How much of an object's legal basis a page names, 0 to 1: a section counts more than a law, a rare law more than one of many."""
        own = self.laws_of[code]
        shared = [law for law in laws if law in own]
        return min(1.0, sum(1.5 / (1 + math.log(self._law_counts[law])) for law in shared) / 2)

    def weight(self, unit: str) -> float:
        """How much a unit tells."""
        known = self._weights.get(unit)
        return self._weigh(unit) if known is None else known

    def _weigh(self, unit: str) -> float:
        size = len(self.by_object) + 1
        weight = math.log(size / (self._counts[unit] + 0.5)) if unit in self._counts else math.log(size)
        weight *= _ACTION if unit in self.action_units else 1.0
        return weight * _EVERYWHERE if unit in _COMMON else weight

    def _sum(self, units: Mapping[str, float]) -> float:
        return sum(share * self._weights[unit] for unit, share in units.items())

    def _count(self) -> dict[str, int]:
        """How many objects have each unit."""
        counts = Counter(u for numbers in self.by_object.values() for u in {u for n in numbers for u in self._units[n]})
        return dict(counts)

    def _find_actions(self) -> frozenset[str]:
        """Units of actions: what stands behind the name of the object in the name of a key with an action and no detail."""
        objects = {entry.object: entry.name for entry in self.entries if entry.kind == "object"}
        found: set[str] = set()
        for entry in self.entries:
            name = objects.get(entry.object)
            if entry.kind == "official" and entry.key.endswith("000") and name and entry.name.startswith(name):
                found.update(stem(word) for word in words_of(entry.name[len(name) :]))
        return frozenset(found)

    def _make_profiles(self) -> dict[str, list[tuple[str, float]]]:
        profiles: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for code, numbers in self.by_object.items():
            shares: dict[str, float] = {}
            for number in numbers:
                lesser = _LESSER if self.entries[number].kind == "official" else 1.0
                for unit, share in self._units[number].items():
                    shares[unit] = max(shares.get(unit, 0.0), share * lesser)
            vector = {unit: share * self._weights[unit] for unit, share in shares.items()}
            length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
            for unit, value in vector.items():
                profiles[unit].append((code, value / length))
        return profiles


@lru_cache(maxsize=1)
def read_table() -> Table:
    """The table from the project's own data."""
    return Table(read_knowledge(), read_words())
