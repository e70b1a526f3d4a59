"""The text step: a linear model read from one plain file, with no machine-learning stack and no numpy.

It has two sets of weights: one for titles alone, where citizens' wording counts, and one for titles beside a LeiKa key, type or law.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import exp, log
from pathlib import Path
from typing import Any

from harvester.data import data_file
from harvester.situations.evidence import Evidence
from harvester.situations.features import STOP_WORDS, words_of
from harvester.situations.weights import Scale, Weights
from harvester.situations.words import Words, read_words

MAGIC = b"harvester situations text model 1\n"
_NARROW = 0.6
"""A Lage is named instead of its Themenfeld when it holds at least this share of the Themenfeld's probability."""


class Guess:
    """What the text says: the Themenfelder with their probabilities, most probable first; those of the Lagen when they are asked for.

    ``sure`` means that the first Themenfeld is right often enough to be shown (the model's own threshold, from folds).
    """

    __slots__ = ("_ask", "_every", "fields", "sure", "within")

    def __init__(
        self,
        fields: tuple[tuple[str, float], ...],
        ask: Callable[[], tuple[tuple[str, float], ...]],
        within: Callable[[str], str],
        *,
        sure: bool,
    ) -> None:
        """``ask`` gives the Lagen with their probabilities; ``within`` the one to name where the Themenfeld is known.

        Both are asked only where somebody wants to know: of most services nobody does.
        """
        self.fields = fields
        self.sure = sure
        self._ask = ask
        self.within = within
        self._every: tuple[tuple[str, float], ...] | None = None

    @property
    def every_lage(self) -> tuple[tuple[str, float], ...]:
        """The Lagen with their probabilities, in no order."""
        if self._every is None:
            self._every = self._ask()
        return self._every

    @property
    def lagen(self) -> tuple[tuple[str, float], ...]:
        """The Lagen with their probabilities, most probable first."""
        return tuple(sorted(self.every_lage, key=lambda pair: -pair[1]))

    def named(self, share: float) -> Iterator[tuple[str, float]]:
        """What to say: the first Themenfeld and each other with at least this probability, by its Lage where one stands out."""
        for place, (field, probability) in enumerate(self.fields):
            if place and probability < share:
                return
            yield self.within(field), probability


class TextModel:
    """The model in memory: ``parts`` are the weights without and with other evidence than the text, ``calibration`` likewise."""

    def __init__(self, head: Mapping[str, Any], parts: Sequence[Weights], words: Words) -> None:
        """Take what ``load_model`` reads."""
        self.fields: tuple[str, ...] = tuple(head["fields"])
        self.lagen: tuple[str, ...] = tuple(head["lagen"])
        self._parts = tuple(parts)
        self.calibration: list[dict[str, float]] = head["calibration"]
        self._field_of = [self.fields.index(lage.partition(".")[0]) for lage in self.lagen]
        self._within: dict[str, list[int]] = {field: [] for field in self.fields}
        for place, field in enumerate(self._field_of):
            self._within[self.fields[field]].append(place)
        self._words = words
        self._known = STOP_WORDS | self._parts[0].words()

    def classify(self, evidence: Evidence) -> Guess:
        """Probabilities for what is known about a service; a text without a known word gives the prior."""
        scores, calibration = self._scores(evidence)
        hot, mixed = self._mixed(scores, calibration)
        last = calibration["heat"]
        fields = _softmax([value * last for value in mixed])
        first = tuple((code, p) for p, code in sorted(zip(fields, self.fields, strict=True), reverse=True))

        def lagen() -> tuple[tuple[str, float], ...]:
            """Lagen, helped by their Themenfelder."""
            helped = [calibration["field_help"] * value for value in mixed]
            joint = [(score + helped[field]) * last for score, field in zip(hot, self._field_of, strict=True)]
            return tuple(zip(self.lagen, _softmax(joint), strict=True))

        def within(field: str) -> str:
            return self._standing_out(field, scores, calibration)

        return Guess(first, lagen, within, sure=first[0][1] >= calibration["threshold"])

    def within(self, evidence: Evidence, field: str) -> str:
        """The Lage to name for a service of which the Themenfeld is known; the field itself when none stands out."""
        return self._standing_out(field, *self._scores(evidence))

    def _scores(self, evidence: Evidence) -> tuple[list[float], dict[str, float]]:
        """Scores of Themenfelder and Lagen, and the calibration that belongs to them."""
        part = bool(evidence.features)
        return self._parts[part].scores(self.words(evidence.text), evidence.features), self.calibration[part]

    def _standing_out(self, field: str, scores: Sequence[float], calibration: Mapping[str, float]) -> str:
        """The Lage that stands out in a Themenfeld. Its other Lagen are helped by the field as much: only scores count."""
        some = self._within.get(field, ())
        heat = calibration["lage_heat"] * calibration["heat"]
        told = [scores[len(self.fields) + place] * heat for place in some]
        shares = _softmax(told) if told else []
        best, lage = max(zip(shares, (self.lagen[place] for place in some), strict=True), default=(0.0, field))
        return lage if best >= _NARROW else field

    def words(self, text: str) -> tuple[str, ...]:
        """Words of a text, and the official ones beside those that the model does not know; each once."""
        words = words_of(text)
        official = self.official_words(text)
        return tuple(dict.fromkeys((*words, *words_of(" ".join(official))))) if official else words

    def official_words(self, text: str) -> tuple[str, ...]:
        """The official words that are read beside a text, because the model does not know the citizens' ones."""
        return self._words.expand(text, self._known)

    def reasons(self, evidence: Evidence, code: str, limit: int = 8) -> list[tuple[str, float]]:
        """The features that speak most for a Themenfeld or Lage, with their part of the score."""
        number = (*self.fields, *self.lagen).index(code)
        weights = self._parts[bool(evidence.features)]
        parts = weights.parts(self.words(evidence.text), evidence.features, number)
        return sorted(parts, key=lambda part: (-part[1], part[0]))[:limit]

    def _mixed(self, scores: Sequence[float], calibration: Mapping[str, float]) -> tuple[list[float], list[float]]:
        """Scores of the Lagen, and of the Themenfelder judged both by themselves and as sums of their Lagen."""
        split = len(self.fields)
        heat, share = calibration["lage_heat"], calibration["lage_share"]
        field_heat = calibration["field_heat"]
        fields = _softmax([score * field_heat for score in scores[:split]])
        hot = [score * heat for score in scores[split:]]
        top = max(hot)
        sums = [0.0] * split
        for field, power in zip(self._field_of, [exp(score - top) for score in hot], strict=True):
            sums[field] += power
        total = sum(sums)
        own = 1 - share
        mixed = [own * log(f + 1e-7) + share * log(g / total + 1e-7) for f, g in zip(fields, sums, strict=True)]
        return hot, mixed


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    powers = [exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def write_model(file: Path, head: Mapping[str, Any], parts: Sequence[tuple[Sequence[str], bytes]]) -> None:
    """Write a model: the magic line, a line of JSON, and for each part a line of features (tab between) and its rows of bytes."""
    content = MAGIC + json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    for names, body in parts:
        content += "\t".join(names).encode() + b"\n" + body
    file.write_bytes(content)


def load_model(file: Path, words: Words) -> TextModel:
    """Read a model file.

    Raises:
        ValueError: it is not one, or is cut off.
    """
    again = "train it with python -m harvester.situations.train"
    content = file.read_bytes()
    if not content.startswith(MAGIC):
        raise ValueError(f"{file.name} is not a text model of this version: {again}")
    line, _, rest = content[len(MAGIC) :].partition(b"\n")
    head = json.loads(line)
    return TextModel(head, _parts(head, rest, f"{file.name} is cut off: {again}"), words)


def _parts(head: Mapping[str, Any], rest: bytes, complaint: str) -> list[Weights]:
    parts: list[Weights] = []
    at = 0
    for told in head["parts"]:
        end = rest.find(b"\n", at)
        names = rest[at:end].decode().split("\t")
        size = len(names) * (len(told["bias"]) + 1)
        body = rest[end + 1 : end + 1 + size]
        if end < 0 or len(body) != size:
            raise ValueError(complaint)
        parts.append(Weights(told["bias"], Scale(*told["scale"]), names, body))
        at = end + 1 + size
    return parts


@lru_cache(maxsize=1)
def read_model() -> TextModel:
    """The project's own model."""
    return load_model(data_file("situations/model.bin"), read_words())
