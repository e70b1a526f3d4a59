"""How sure the text step may call itself: measured on guesses about samples it has not seen. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Told(NamedTuple):
    """Probabilities of a guess, most probable first, and the place of the right answer among them (0 is a hit)."""

    probabilities: tuple[float, ...]
    right: int


def sharpest(told: Sequence[Told]) -> float:
    """The exponent that makes the probabilities most honest (least logarithmic loss), between 0.3 and 5."""
    logs = [[math.log(p + 1e-12) for p in one.probabilities] for one in told]

    def loss(heat: float) -> float:
        return sum(
            math.log(sum(math.exp((p - some[0]) * heat) for p in some)) - (some[one.right] - some[0]) * heat
            for some, one in zip(logs, told, strict=True)
        )

    return min((step / 20 for step in range(6, 101)), key=loss)


def threshold(told: Sequence[Told], heat: float, demanded: float) -> float:
    """The least probability from which guesses are right as often as demanded; above 1 when there is none."""
    best: list[tuple[float, bool]] = []
    for one in told:
        powers = [p**heat for p in one.probabilities]
        best.append((powers[0] / sum(powers), one.right == 0))
    best.sort(reverse=True)
    found, hits = 1.01, 0
    for count, (probability, hit) in enumerate(best, start=1):
        hits += hit
        if hits / count >= demanded:
            found = probability
    return round(found, 4)
