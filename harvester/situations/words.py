"""Citizens' words and the official ones: „Heirat“ is Eheschließung in every catalogue, „Müll“ is Abfall.

The table ``data/words.csv`` is used in two places: the text step reads the official words beside a title, and search
looks for them too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harvester.data import data_file
from harvester.situations.fold import fold


@dataclass(frozen=True, slots=True)
class Words:
    """The table by folded citizens' word (one or several words with a blank between)."""

    official: Mapping[str, tuple[str, ...]]
    longest: int = 1
    first: frozenset[str] = frozenset()
    """The words with which an entry begins: at most places of a text there is none to look for."""

    def expand(self, text: str, known: frozenset[str] | None = None) -> tuple[str, ...]:
        """Official words for the citizens' words in a text, each once, in the order of the text.

        The longest entry wins at every place: „Hund anmelden“ does not also count as „Hund“. ``known`` are single folded words
        that need no help; an entry made of such words only is passed over.
        """
        tokens = fold(text).split()
        if known is not None and known.issuperset(tokens):
            return ()
        found: dict[str, None] = {}
        at = 0
        while at < len(tokens):
            if tokens[at] not in self.first:
                at += 1
                continue
            for length in range(min(self.longest, len(tokens) - at), 0, -1):
                part = tokens[at : at + length]
                if official := self.official.get(" ".join(part)):
                    if known is None or not all(word in known for word in part):
                        found.update(dict.fromkeys(official))
                    at += length
                    break
            else:
                at += 1
        return tuple(found)


def make_words(rows: Iterable[tuple[str, Iterable[str]]]) -> Words:
    """A table from pairs of a citizens' word and its official words."""
    official = {fold(word): tuple(others) for word, others in rows}
    longest = max((len(word.split()) for word in official), default=1)
    return Words(official, longest, frozenset(word.partition(" ")[0] for word in official))


def read_words() -> Words:
    """The project's own table."""
    return make_words(read_pairs())


def read_pairs() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The rows of the project's own table, as written: a citizens' word, its official ones."""
    with data_file("words.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["word"], tuple(row["official"].split("|"))) for row in csv.DictReader(file))
