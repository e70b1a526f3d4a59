"""The text step: a linear model read from one plain file, with no machine-learning stack and no numpy.

All weights of a feature (one per Themenfeld, one per Lage, one for its length) lie in the lanes of one long integer,
so that adding a feature is a single addition. That makes it fast in plain Python.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from harvester.data import data_file
from harvester.situations.evidence import Evidence
from harvester.situations.features import text_features
from harvester.situations.fold import fold
from harvester.situations.words import Words, read_words

MAGIC = b"harvester situations text model 1\n"
_LANE = 4  # bytes of a lane: room for the sum of sixteen million weights of one byte
_ZERO = 128  # weights are stored as bytes with this offset


@dataclass(frozen=True, slots=True)
class Guess:
    """What the text says: probabilities of the Themenfelder and of the Lagen, each most probable first.

    ``sure`` means that the first Themenfeld is right often enough to be shown (the model's own threshold, from folds).
    """

    fields: tuple[tuple[str, float], ...]
    lagen: tuple[tuple[str, float], ...]
    sure: bool

    def named(self, share: float) -> Iterator[tuple[str, float]]:
        """What to say: each Themenfeld with at least this probability, by its Lage where that is likely enough on its own."""
        for place, (field, probability) in enumerate(self.fields):
            if place and probability < share:
                return
            lage, narrow = next((lp for lp in self.lagen if lp[0].startswith(f"{field}.")), ("", 0.0))
            yield (lage, probability) if narrow >= 0.6 * probability and lage else (field, probability)


class TextModel:
    """The model in memory. Rows become numbers when they are first needed."""

    def __init__(self, head: Mapping[str, Any], names: Sequence[str], body: bytes, words: Words) -> None:
        """Take the parts of the file, see ``read_model``."""
        self.fields: tuple[str, ...] = tuple(head["fields"])
        self.lagen: tuple[str, ...] = tuple(head["lagen"])
        self._thresholds: tuple[float, float] = tuple(head["thresholds"])
        self._bias: list[float] = head["bias"]
        self._scales: tuple[float, float] = tuple(head["scales"])
        self._norm: float = head["norm"]
        self._heat: tuple[float, float, float] = tuple(head["heat"])
        self._last: tuple[float, float] = tuple(head["last"])
        self._places = dict(zip(names, range(len(names)), strict=True))
        self._lanes = len(self._bias) + 1
        self._lane_format = struct.Struct(f"<{self._lanes}I")
        wide = bytearray(len(body) * _LANE)
        wide[::_LANE] = body
        self._rows = bytes(wide)
        self._numbers: dict[str, int] = {}
        self._words = words
        self._field_of = [self.fields.index(lage.partition(".")[0]) for lage in self.lagen]

    def classify(self, evidence: Evidence) -> Guess:
        """Probabilities for what is known about a service; a text without a known word gives the prior."""
        fields, lagen = self._probabilities(evidence)
        first = sorted(zip(self.fields, fields, strict=True), key=lambda pair: -pair[1])
        second = sorted(zip(self.lagen, lagen, strict=True), key=lambda pair: -pair[1])
        return Guess(tuple(first), tuple(second), first[0][1] >= self._thresholds[bool(evidence.features)])

    def text_features(self, text: str) -> set[str]:
        """Features of a text and of the official words for those of its words that the model does not know."""
        features = text_features(text)
        if official := self._words.expand(text, self._knows):
            features |= text_features(" ".join(official))
        return features

    def scores(self, evidence: Evidence) -> list[float]:
        """Raw scores: Themenfelder first, then Lagen."""
        total, count = self._sum(self.text_features(evidence.text))
        scores = list(self._bias)
        if count:
            lanes = self._split(total)
            factor = self._scales[0] / math.sqrt(lanes[-1] * self._norm)
            off = _ZERO * count
            scores = [s + (lane - off) * factor for s, lane in zip(scores, lanes, strict=False)]
        total, count = self._sum(evidence.features)
        if count:
            off, factor = _ZERO * count, self._scales[1]
            scores = [s + (lane - off) * factor for s, lane in zip(scores, self._split(total), strict=False)]
        return scores

    def contributions(self, evidence: Evidence, code: str, limit: int = 8) -> list[tuple[str, float]]:
        """The features that speak most for a Themenfeld or Lage, with their part of the score."""
        lane = (*self.fields, *self.lagen).index(code)
        words = [f for f in self.text_features(evidence.text) if f in self._places]
        length = math.sqrt(sum(self._byte(f, self._lanes - 1) for f in words) * self._norm) or 1.0
        parts = [(f, (self._byte(f, lane) - _ZERO) * self._scales[0] / length) for f in words]
        parts += [
            (f, (self._byte(f, lane) - _ZERO) * self._scales[1]) for f in evidence.features if f in self._places
        ]
        return sorted(parts, key=lambda part: -part[1])[:limit]

    def _probabilities(self, evidence: Evidence) -> tuple[list[float], list[float]]:
        scores = self.scores(evidence)
        split = len(self.fields)
        heat_field, heat_lage, share = self._heat
        last = self._last[bool(evidence.features)]
        from_lagen = [1e-7] * split
        lagen = _softmax(scores[split:], heat_lage)
        for field, probability in zip(self._field_of, lagen, strict=True):
            from_lagen[field] += probability
        fields = _softmax(scores[:split], heat_field)
        mixed = [(math.log(f + 1e-7) + math.log(g)) / 2 for f, g in zip(fields, from_lagen, strict=True)]
        joint = [math.log(p + 1e-9) + share * mixed[f] for p, f in zip(lagen, self._field_of, strict=True)]
        return _softmax(mixed, last), _softmax(joint, last)

    def _sum(self, features: set[str] | tuple[str, ...]) -> tuple[int, int]:
        """Sum of the rows of the known features, and how many these are."""
        total = count = 0
        numbers = self._numbers
        for feature in features:
            number = numbers.get(feature)
            if number is None:
                if feature not in self._places:
                    continue
                number = numbers[feature] = self._number(feature)
            total += number
            count += 1
        return total, count

    def _number(self, feature: str) -> int:
        """The row of a known feature as one number."""
        place, width = self._places[feature], self._lanes * _LANE
        return int.from_bytes(self._rows[place * width : (place + 1) * width], "little")

    def _split(self, total: int) -> tuple[int, ...]:
        return self._lane_format.unpack(total.to_bytes(self._lanes * _LANE, "little"))

    def _byte(self, feature: str, lane: int) -> int:
        return self._rows[(self._places[feature] * self._lanes + lane) * _LANE]

    def _knows(self, word: str) -> bool:
        return f"={word}" in self._places


def _softmax(scores: Sequence[float], heat: float) -> list[float]:
    top = max(scores)
    powers = [math.exp((score - top) * heat) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def write_model(file: Path, head: Mapping[str, object], names: Sequence[str], body: bytes) -> None:
    """Write a model: the magic line, a line of JSON, a line with all features (tab between), then a row of bytes for each."""
    if len(body) != len(names) * (len(head["bias"]) + 1):  # type: ignore[arg-type]  # head is JSON
        raise ValueError(f"{len(body)} bytes do not make {len(names)} rows")
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    file.write_bytes(MAGIC + line + b"\n" + "\t".join(names).encode() + b"\n" + body)


def load_model(file: Path, words: Words) -> TextModel:
    """Read a model file.

    Raises:
        ValueError: it is not one, or is cut off.
    """
    content = file.read_bytes()
    if not content.startswith(MAGIC):
        raise ValueError(f"{file.name} is not a text model of this version: train it with python -m harvester.situations.train")
    line, _, rest = content[len(MAGIC) :].partition(b"\n")
    names, _, body = rest.partition(b"\n")
    head = json.loads(line)
    features = names.decode().split("\t")
    if len(body) != len(features) * (len(head["bias"]) + 1):
        raise ValueError(f"{file.name} is cut off: train it again with python -m harvester.situations.train")
    return TextModel(head, features, body, words)


@lru_cache(maxsize=1)
def read_model() -> TextModel:
    """The project's own model."""
    return load_model(data_file("situations/model.bin"), read_words())
