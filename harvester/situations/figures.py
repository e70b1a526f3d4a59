"""Figures of an evaluation: how often the first, the first two, and the sure guesses are right. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

SUREST = 0.55
"""The share of which the accuracy of the surest is told, comparable between models whatever their thresholds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A guess beside the truth: codes most probable first, the first one's probability, and which step spoke."""

    title: str
    codes: tuple[str, ...]
    probability: float
    sure: bool
    step: str
    right: Collection[str]

    def hit(self, first: int) -> bool:
        """Whether a right code is among the first ones."""
        return any(code in self.right for code in self.codes[:first])


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1. ``steps`` by step: asked, right at first; ``confusion``: (right, guessed) with how often, most first."""

    asked: int
    top1: float
    top2: float
    sure_share: float
    sure_accuracy: float
    surest_accuracy: float
    steps: dict[str, tuple[int, int]] = field(default_factory=dict)
    confusion: tuple[tuple[str, str, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For ``--json``; shares with four digits."""
        return {
            "asked": self.asked,
            "top1": round(self.top1, 4),
            "top2": round(self.top2, 4),
            "sure_share": round(self.sure_share, 4),
            "sure_accuracy": round(self.sure_accuracy, 4),
            "surest_share": SUREST,
            "surest_accuracy": round(self.surest_accuracy, 4),
            "steps": {
                step: {"asked": asked, "right": right, "accuracy": round(right / asked, 4)}
                for step, (asked, right) in sorted(self.steps.items())
            },
            "confusion": [{"right": a, "guessed": b, "count": n} for a, b, n in self.confusion],
        }


def measure(answers: Iterable[Answer]) -> Figures:
    """Count. No answers give zeros."""
    every: Sequence[Answer] = tuple(answers)
    sure = [answer for answer in every if answer.sure]
    surest = sorted(every, key=lambda answer: -answer.probability)[: int(SUREST * len(every))]
    steps: dict[str, tuple[int, int]] = {}
    wrong: Counter[tuple[str, str]] = Counter()
    for answer in every:
        asked, right = steps.get(answer.step, (0, 0))
        steps[answer.step] = asked + 1, right + answer.hit(1)
        if not answer.hit(1):
            wrong[min(answer.right), answer.codes[0]] += 1
    return Figures(
        len(every),
        _share(every, 1),
        _share(every, 2),
        len(sure) / len(every) if every else 0.0,
        _share(sure, 1),
        _share(surest, 1),
        steps,
        tuple((a, b, n) for (a, b), n in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))),
    )


def _share(answers: Sequence[Answer], first: int) -> float:
    return sum(answer.hit(first) for answer in answers) / len(answers) if answers else 0.0
