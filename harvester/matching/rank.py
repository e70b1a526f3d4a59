"""From clues to a first guess, and how sure it is: two small linear models, read as plain numbers. Pure.

The first orders the objects a page may be about. The second judges the guess by what a person would look at: how far the runner-up
is behind, in all and by the title alone, and whether title, keywords and all names together point at the same object.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import NamedTuple

from harvester.data import data_file
from harvester.matching.clues import Clues

RANKED = (
    "title",
    "named",
    "keyword",
    "keywords",
    "text",
    "known",
    "said",
    "profile",
    "action",
    "today",
    "superseded",
    "head",
)
"""Clues that the first model weighs."""
JUDGED = ("base", "margin", "agreement", "today", "lead", "action", "title_margin")
"""What the second model weighs."""
LAW = 1.5
"""What a shared legal basis adds. Set by hand: the directories at hand name too few laws to learn it."""
_MARGIN = 4.0
_KNOWN = 0.6
"""How much a title's pointing counts for the keywords of a page that has none."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of both models, and the thresholds: from ``sure`` a key is assigned, from ``doubtful`` a person is asked."""

    rank: tuple[float, ...]
    judge: tuple[float, ...]
    sure: float
    doubtful: float

    def as_json(self) -> str:
        """The model as the file holds it."""
        return json.dumps(asdict(self), indent=1) + "\n"


class Guess(NamedTuple):
    """An object with its score and its share among all candidates."""

    code: str
    score: float
    share: float


def order(clues: Mapping[str, Clues], weights: Sequence[float]) -> list[Guess]:
    """The candidates, best first; equal ones by their code."""
    scores = {code: score_of(found, weights) for code, found in clues.items()}
    top = max(scores.values(), default=0.0)
    powers = {code: math.exp(score - top) for code, score in scores.items()}
    total = sum(powers[code] for code in sorted(powers))
    ordered = sorted(scores, key=lambda code: (-scores[code], code))
    return [Guess(code, scores[code], powers[code] / total) for code in ordered]


def score_of(found: Clues, weights: Sequence[float]) -> float:
    """What speaks for one object, weighed."""
    return sum(w * v for w, v in zip(weights, ranked(found), strict=True)) + LAW * found.law


def ranked(found: Clues) -> tuple[float, ...]:
    """The clues the first model weighs, in its order."""
    return tuple(getattr(found, name) for name in RANKED)


def judged(guesses: Sequence[Guess], clues: Mapping[str, Clues]) -> tuple[float, ...]:
    """What the second model weighs, in its order, of the first of some guesses."""
    first = guesses[0].code
    own = clues[first]
    margin = guesses[0].score - guesses[1].score if len(guesses) > 1 else _MARGIN
    others = max((found.head for code, found in clues.items() if code != first), default=0.0)
    return (
        1.0,
        min(margin, _MARGIN) / _MARGIN,
        agreement(first, clues),
        own.today,
        own.lead,
        own.action,
        own.head - others,
    )


def agreement(first: str, clues: Mapping[str, Clues]) -> float:
    """Which part of title, keywords and all names together points at the first guess rather than another; 0 to 1."""

    def points(values: Mapping[str, float]) -> bool:
        return max(sorted(values), key=lambda code: values[code]) == first

    by_title = points({code: found.title for code, found in clues.items()})
    by_names = points({code: found.profile for code, found in clues.items()})
    keywords = {code: found.keyword + found.keywords for code, found in clues.items()}
    by_keywords = points(keywords) if max(keywords.values()) > 0 else _KNOWN * by_title
    return (by_title + by_names + by_keywords) / 3


def sureness(values: Sequence[float], weights: Sequence[float]) -> float:
    """The probability that the first guess is right, by the second model."""
    total = sum(w * v for w, v in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def read_model() -> Model:
    """The project's own model, ``data/matching.json``."""
    told = json.loads(data_file("matching.json").read_text(encoding="utf-8"))
    return Model(tuple(told["rank"]), tuple(told["judge"]), told["sure"], told["doubtful"])
