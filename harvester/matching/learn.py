"""Learn the weights and thresholds from services whose keys are known. Pure Python: a few seconds for some hundred services.

The thresholds come from guesses about services of objects that the weights have not seen, never from the answers they were fitted to.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harvester.matching.clues import Clues
from harvester.matching.rank import JUDGED, LAW, RANKED, Guess, Model, judged, order, ranked, sureness

DEMANDED = 0.92
"""Share of right guesses that is demanded of what is assigned, among held-out services."""
DOUBTFUL = 0.3
"""Sureness below which not even a person is asked."""
FOLDS = 4
DEALS = 2
"""How often the folds are dealt anew: with so few services a single deal is chance."""
_STEPS = 150
_RATE = 0.5
_RANK_SHRINK = 0.02
_JUDGE_SHRINK = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A service: the clues found for it, and the object (eight digits) its key names."""

    clues: Mapping[str, Clues]
    code: str


class Told(NamedTuple):
    """A guess about a service that was not learned from: its sureness, whether the object is right, whether it may be assigned."""

    sure: float
    right: bool
    allowed: bool


def fit(samples: Sequence[Sample], seed: int = 1, demanded: float = DEMANDED) -> Model:
    """A model from samples."""
    dealt = [_fit_judge(samples, seed + again) for again in range(DEALS)]
    judge = tuple(round(sum(column) / DEALS, 4) for column in zip(*(weights for weights, _ in dealt), strict=True))
    told = [one for _, some in dealt for one in some]
    return Model(_fit_rank(samples), judge, find_threshold(told, demanded), DOUBTFUL)


def deal(samples: Sequence[Sample], folds: int, seed: int) -> list[int]:
    """A fold for every sample; all services of one object are in the same."""
    codes = sorted({sample.code for sample in samples})
    random.Random(seed).shuffle(codes)  # noqa: S311 -- folds are no secret
    fold_of = {code: number % folds for number, code in enumerate(codes)}
    return [fold_of[sample.code] for sample in samples]


def find_threshold(told: Sequence[Told], demanded: float) -> float:
    """The least sureness from which the demanded share is right; 1 where there is none. What is never assigned does not count."""
    found, right = 1.0, 0
    ordered = sorted((one for one in told if one.allowed), key=lambda one: -one.sure)
    for count, one in enumerate(ordered, start=1):
        right += one.right
        if right / count >= demanded:
            found = one.sure
    return math.floor(found * 1e4) / 1e4


def tell(sample: Sample, guesses: Sequence[Guess], judge: Sequence[float]) -> Told:
    """What a model says about a sample, held against the answer."""
    if not guesses:
        return Told(0.0, right=False, allowed=False)
    first = guesses[0].code
    sure = sureness(judged(guesses, sample.clues), judge)
    return Told(sure, first == sample.code, allowed=not sample.clues[first].superseded)


def _fit_judge(samples: Sequence[Sample], seed: int) -> tuple[tuple[float, ...], list[Told]]:
    """Weights of the second model from guesses of first models that had not seen the sample; and what they then say, likewise held out."""
    folds = deal(samples, FOLDS, seed)
    held: list[tuple[Sample, list[Guess]]] = []
    where: list[int] = []
    for fold in range(FOLDS):
        weights = _fit_rank([sample for sample, own in zip(samples, folds, strict=True) if own != fold])
        for sample, own in zip(samples, folds, strict=True):
            if own == fold and (guesses := order(sample.clues, weights)):
                held.append((sample, guesses))
                where.append(fold)
    rows = [judged(guesses, sample.clues) for sample, guesses in held]
    answers = [guesses[0].code == sample.code for sample, guesses in held]
    allowed = [not sample.clues[guesses[0].code].superseded for sample, guesses in held]
    told: list[Told] = []
    for fold in range(FOLDS):
        learn = [n for n in range(len(held)) if where[n] != fold and allowed[n]]
        judge = _fit_logistic([rows[n] for n in learn], [answers[n] for n in learn])
        told += [tell(*held[n], judge) for n in range(len(held)) if where[n] == fold]
    learn = [n for n in range(len(held)) if allowed[n]]
    return _fit_logistic([rows[n] for n in learn], [answers[n] for n in learn]), told


def _fit_rank(samples: Sequence[Sample]) -> tuple[float, ...]:
    """Maximise the probability of the right object among the candidates; samples that do not have it among theirs teach nothing."""
    rows = [
        ([ranked(found) for found in sample.clues.values()], [LAW * f.law for f in sample.clues.values()],
         list(sample.clues).index(sample.code))
        for sample in samples
        if sample.code in sample.clues
    ]  # fmt: skip

    def slope(weights: Sequence[float]) -> list[float]:
        found = [-_RANK_SHRINK * len(rows) * w for w in weights]
        for values, laws, right in rows:
            scores = [sum(map(_times, weights, value)) + law for value, law in zip(values, laws, strict=True)]
            top = max(scores)
            powers = [math.exp(score - top) for score in scores]
            total = sum(powers)
            for column, kinds in enumerate(zip(*values, strict=True)):
                found[column] += kinds[right] - sum(map(_times, powers, kinds)) / total
        return found

    return _climb(slope, len(RANKED), _RATE)


def _fit_logistic(rows: Sequence[Sequence[float]], answers: Sequence[bool]) -> tuple[float, ...]:
    def slope(weights: Sequence[float]) -> list[float]:
        found = [0.0, *(-_JUDGE_SHRINK * w for w in weights[1:])]
        for row, answer in zip(rows, answers, strict=True):
            error = answer - sureness(row, weights)
            for column, value in enumerate(row):
                found[column] += error * value
        return found

    return _climb(slope, len(JUDGED), 0.3)


def _climb(slope: Callable[[Sequence[float]], list[float]], size: int, rate: float) -> tuple[float, ...]:
    """Steps uphill whose length shrinks with the slopes seen so far (AdaGrad)."""
    weights, squares = [0.0] * size, [1e-8] * size
    for _ in range(_STEPS):
        for column, value in enumerate(slope(tuple(weights))):
            squares[column] += value * value
            weights[column] += rate * value / math.sqrt(squares[column])
    return tuple(round(weight, 4) for weight in weights)


def _times(one: float, other: float) -> float:
    return one * other
