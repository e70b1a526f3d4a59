"""Words and parts of words: how two German wordings of the same thing are found to share something. Pure.

A text becomes units: its words without endings, the parts of compounds, and neighbours that the list writes as one word
(„Gewerbe-Anmeldung“, „Gewerbeanmeldung“ and „Anmeldung eines Gewerbes“ share ``gewerbe`` and ``anmeld``).
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from harvester.situations.features import STOP_WORDS
from harvester.situations.fold import fold

_ENDINGS = ("ungen", "ung", "ern", "en", "er", "es", "em", "e", "n", "s")
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_SHORTEST = 4
_PART = 0.6
"""How much a part of a compound counts beside the whole."""
_ALIKE = 0.7
"""Share of common trigrams from which an unknown word may be a known one misspelt or bent."""
_GRAM = 3
_REMEMBERED = 50_000


@lru_cache(maxsize=_REMEMBERED)
def stem(word: str) -> str:
    """A folded word without its ending; at least four letters stay. Verbs and their nouns fall together (anmelden, Anmeldung)."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def words_of(text: str) -> list[str]:
    """The folded words of a text that mean something, in their order."""
    return [word for word in fold(text).split() if len(word) > 1 and word not in STOP_WORDS]


class Vocabulary:
    """All stems of the names that are known, and what unknown words have in common with them."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names."""
        self._stems = frozenset(stem(word) for name in names for word in words_of(name))
        self._parts: dict[str, tuple[str, ...]] = {}
        self._near: dict[str, tuple[tuple[str, float], ...]] = {}
        self._grams: dict[str, list[str]] = defaultdict(list)
        for known in sorted(self._stems):
            for gram in _grams(known):
                self._grams[gram].append(known)

    def units(self, text: str) -> dict[str, float]:
        """Units of a text and how much each counts: 1 for a word, less for a part of one."""
        words = words_of(text)
        found: dict[str, float] = {}
        for word in words:
            found[stem(word)] = 1.0
            for part in self._split(word):
                found.setdefault(part, _PART)
        for first, second in itertools.pairwise(words):
            for joined in (stem(first + second), stem(f"{first}s{second}")):
                if joined in self._stems:
                    found[joined] = 1.0
        return found

    def near(self, unit: str, counts: Mapping[str, int]) -> tuple[tuple[str, float], ...]:
        """Known units that a unit may mean, with how surely: itself, one spelt almost like it, compounds that begin with it.

        ``counts`` is how many objects have each unit; only words that few have are looked for inside compounds.
        """
        if (found := self._near.get(unit)) is None:
            if len(self._near) >= _REMEMBERED:
                self._near.clear()
            self._near[unit] = found = tuple(self._look_near(unit, counts))
        return found

    def _look_near(self, unit: str, counts: Mapping[str, int]) -> Iterable[tuple[str, float]]:
        if unit in counts:
            yield unit, 1.0
        elif len(unit) >= _SHORTEST + 2:
            common = Counter(known for gram in _grams(unit) for known in self._grams.get(gram, ()))
            alike = [
                (2 * n / (len(unit) + len(known) - 4), known) for known, n in common.items() if len(known) > _SHORTEST
            ]
            for share, known in sorted(((s, k) for s, k in alike if s >= _ALIKE and k in counts), reverse=True)[:3]:
                yield known, 0.8 * share
        if len(unit) >= _SHORTEST and counts.get(unit, 0) < _GRAM:
            longer = (
                known
                for known in self._grams.get(unit[:_GRAM], ())
                if known != unit and known.startswith(unit) and len(known) <= len(unit) + 11 and known in counts
            )
            for known, _ in zip(longer, range(6), strict=False):
                yield known, 0.55 * (len(unit) / len(known)) ** 0.5

    def _split(self, word: str) -> tuple[str, ...]:
        """The two known words of a compound, the first as short as can be; nothing for other words."""
        if (parts := self._parts.get(word)) is None:
            if len(self._parts) >= _REMEMBERED:
                self._parts.clear()
            self._parts[word] = parts = self._look_inside(word)
        return parts

    def _look_inside(self, word: str) -> tuple[str, ...]:
        for at in range(_SHORTEST, len(word) - 3):
            last = stem(word[at:])
            if last not in self._stems:
                continue
            for link in _LINKS:
                first = word[: at - len(link)]
                if word[:at].endswith(link) and len(first) >= _SHORTEST:
                    if first in self._stems:
                        return first, last
                    if stem(first) in self._stems:
                        return stem(first), last
        return ()


def _grams(word: str) -> Iterable[str]:
    return (word[at : at + _GRAM] for at in range(len(word) - _GRAM + 1))
