"""The weights of a linear model, in lanes of long integers: fast in plain Python, without a machine-learning stack.

All weights of a feature (one per class, and one for its share in the text's length) lie in the lanes of one long integer, so that
adding a feature is a single addition whatever the number of classes.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harvester.situations.features import word_features

LANE = 4
"""Bytes of a lane: room for the sum of sixteen million weights of one byte."""
ZERO = 128
"""Weights are stored as bytes with this offset."""

_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Scale:
    """What a byte is worth: in the text (before division by its length), in the other features, in the squared length."""

    text: float
    side: float
    norm: float


class Weights:
    """Weights in memory."""

    def __init__(self, bias: Sequence[float], scale: Scale, names: Sequence[str], body: bytes) -> None:
        """Take one bias per class, and a row of bytes per name: one weight per class, then the share in the squared length.

        Raises:
            ValueError: the rows do not fit the names.
        """
        self.bias = tuple(bias)
        self.lanes = len(self.bias) + 1
        if len(body) != len(names) * self.lanes:
            raise ValueError(f"{len(body)} bytes do not make {len(names)} rows of {self.lanes}")
        self._scale = scale
        self._places = dict(zip(names, range(len(names)), strict=True))
        wide = bytearray(len(body) * LANE)
        wide[::LANE] = body
        self._rows = bytes(wide)
        self._sums: dict[str, tuple[int, int]] = {}
        self._format = struct.Struct(f"<{self.lanes}I")

    def words(self) -> frozenset[str]:
        """All words that have weights as a whole."""
        return frozenset(name[1:] for name in self._places if name[0] == "=")

    def scores(self, words: Iterable[str], side: Iterable[str]) -> list[float]:
        """One score per class: the words' features, brought to length one together, and the others as they are."""
        total = count = 0
        remembered = self._sums
        for word in words:
            row, known = remembered.get(word) or self._remember(word)
            total += row
            count += known
        told = self._lanes(total)
        total, beside = self._sum(side)
        more = self._lanes(total)
        # a text without a known word, and features of which none is known, add nothing
        factor = self._scale.text / math.sqrt(told[-1] * self._scale.norm) if count else 0.0
        weight = self._scale.side if beside else 0.0
        off, also = ZERO * count, ZERO * beside
        return [
            score + (lane - off) * factor + (other - also) * weight
            for score, lane, other in zip(self.bias, told, more, strict=False)
        ]

    def _lanes(self, total: int) -> tuple[int, ...]:
        return self._format.unpack(total.to_bytes(self.lanes * LANE, "little"))

    def parts(self, words: Iterable[str], side: Iterable[str], number: int) -> list[tuple[str, float]]:
        """What every known feature adds to the score of one class."""
        known = [feature for word in words for feature in word_features(word) if feature in self._places]
        length = math.sqrt(sum(self._byte(feature, self.lanes - 1) for feature in known) * self._scale.norm) or 1.0
        found = [(feature, (self._byte(feature, number) - ZERO) * self._scale.text / length) for feature in known]
        beside = [feature for feature in side if feature in self._places]
        return found + [(feature, (self._byte(feature, number) - ZERO) * self._scale.side) for feature in beside]

    def _remember(self, word: str) -> tuple[int, int]:
        """The sum of a word's rows: words come again and again, their parts need not be looked up again."""
        if len(self._sums) >= _REMEMBERED:
            self._sums.clear()
        self._sums[word] = found = self._sum(word_features(word))
        return found

    def _sum(self, features: Iterable[str]) -> tuple[int, int]:
        """Sum of the rows of the known features, and how many these are."""
        total = count = 0
        width = self.lanes * LANE
        for feature in features:
            place = self._places.get(feature)
            if place is not None:
                total += int.from_bytes(self._rows[place * width : (place + 1) * width], "little")
                count += 1
        return total, count

    def _byte(self, feature: str, lane: int) -> int:
        return self._rows[(self._places[feature] * self.lanes + lane) * LANE]
