"""Train the text step: ``python -m harvester.situations.train [FILE]`` writes ``data/situations/model.bin``.

Needs the development extra ``train`` (scikit-learn, numpy, scipy); running the harvester does not. A linear support vector machine over
parts of words, one against the rest, for the 14 Themenfelder and for the 55 Lagen; its weights are rounded to bytes.
How sure it may call itself is measured on five folds that keep every Leistung on one side.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from harvester.data import data_file
from harvester.situations.evidence import Evidence
from harvester.situations.features import text_features
from harvester.situations.folds import Fold, leistung_of, make_folds
from harvester.situations.samples import Sample, read_samples
from harvester.situations.text import TextModel, load_model, write_model
from harvester.situations.words import Words, read_words

Matrix: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

SIDE = {"#g": 0.7, "#n": 0.3, "#m": 0.3, "#v": 0.3, "#t": 0.3, "#l": 0.3, "#p": 0.2}
"""How much the features beside the text weigh (the text's own vector has length one)."""
PENALTY = 0.5
SEEN = 2
"""A feature must occur in this many samples."""
WEIGHT = {"written": 2.0}
"""How much a kind of sample counts; citizens' wording is scarce."""
HEAT = (3.0, 6.0, 0.3)
"""Sharpness of the two softmaxes, and how much the Themenfeld says about the Lage."""
SURE = 0.95
"""Accuracy above the threshold, on folds."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model before it is written: the head's JSON, feature names and rows of bytes."""

    head: dict[str, Any]
    names: list[str]
    body: bytes

    def model(self, words: Words) -> TextModel:
        """The model as it will be read."""
        return TextModel(self.head, self.names, self.body, words)


def fit(samples: Sequence[Sample]) -> Trained:
    """Train on samples; calibration is left neutral."""
    fields = sorted({sample.field for sample in samples})
    lagen = sorted({sample.lage for sample in samples})
    texts = [text_features(sample.text) for sample in samples]
    sides = [tuple(dict.fromkeys(sample.evidence)) for sample in samples]
    seen = Counter(feature for some in (*texts, *sides) for feature in some)
    names = sorted(feature for feature, count in seen.items() if count >= SEEN)
    place = {name: n for n, name in enumerate(names)}
    size = len(samples)
    value = np.array([SIDE[n[:2]] if n[0] == "#" else math.log((1 + size) / (1 + seen[n])) + 1 for n in names])
    matrix = _matrix(texts, sides, place, value)
    weights = np.array([WEIGHT.get(sample.kind, 1.0) for sample in samples])
    rows: list[Matrix] = []
    bias: list[float] = []
    for classes, labels in ((fields, [s.field for s in samples]), (lagen, [s.lage for s in samples])):
        machine = LinearSVC(C=PENALTY, random_state=1).fit(matrix, [classes.index(x) for x in labels], sample_weight=weights)
        rows.append(machine.coef_ * value)
        bias += [round(float(b), 5) for b in machine.intercept_]
    return _packed(np.vstack(rows).T, bias, names, value, {"fields": fields, "lagen": lagen})


def _matrix(
    texts: Sequence[set[str]], sides: Sequence[tuple[str, ...]], place: dict[str, int], value: Matrix
) -> csr_matrix:
    columns: list[int] = []
    data: list[float] = []
    ends = [0]
    for text, side in zip(texts, sides, strict=True):
        at = [place[feature] for feature in text if feature in place]
        values = value[at]
        columns += at
        data += list(values / (float(np.sqrt((values**2).sum())) or 1.0))
        at = [place[feature] for feature in side if feature in place]
        columns += at
        data += list(value[at])
        ends.append(len(columns))
    return csr_matrix((data, columns, ends), (len(texts), len(place)))


def _packed(weights: Matrix, bias: list[float], names: list[str], value: Matrix, head: dict[str, Any]) -> Trained:
    """Round weights to bytes: one scale for text, one for the rest; lengths (value squared) into the last column."""
    side = np.array([name[0] == "#" for name in names])
    body = np.zeros((len(names), weights.shape[1] + 1), dtype=np.uint8)
    scales: list[float] = []
    for mask in (~side, side):
        scale = float(np.abs(weights[mask]).max() or 1.0) / 127 if mask.any() else 1.0
        body[mask, :-1] = np.clip(np.rint(weights[mask] / scale) + 128, 1, 255)
        scales.append(scale)
    squares = value**2
    norm = float(squares[~side].max()) / 255
    body[~side, -1] = np.clip(np.rint(squares[~side] / norm), 1, 255)
    body[side, -1] = 1
    head |= {"bias": bias, "scales": scales, "norm": norm, "heat": HEAT, "last": (1.0, 1.0), "thresholds": (0.5, 0.5)}
    return Trained(head, names, body.tobytes())


def calibrate(folds: Sequence[Fold], words: Words) -> tuple[tuple[float, float], tuple[float, float]]:
    """Sharpness and threshold without and with a key's features, from guesses about samples that the model has not seen."""
    told: tuple[list[tuple[list[float], int]], list[tuple[list[float], int]]] = ([], [])
    for fold in folds:
        model = fit(fold.learn).model(words)
        for sample in fold.ask:
            for known in (False, True):
                guess = model.classify(Evidence(sample.text, sample.evidence if known else ()))
                right = [code for code, _ in guess.fields].index(sample.field)
                told[known].append(([p for _, p in guess.fields], right))
    heats = (_sharpest(told[False]), _sharpest(told[True]))
    return heats, (_threshold(told[False], heats[0]), _threshold(told[True], heats[1]))


def _sharpest(told: Sequence[tuple[list[float], int]]) -> float:
    """The exponent that makes the probabilities most honest (least logarithmic loss)."""
    logs = np.log(np.array([p for p, _ in told]) + 1e-12)
    right = np.array([r for _, r in told])

    def loss(heat: float) -> float:
        sharp = logs * heat
        sharp -= np.log(np.exp(sharp).sum(axis=1, keepdims=True))
        return float(-sharp[np.arange(len(right)), right].mean())

    return round(min((step / 20 for step in range(6, 100)), key=loss), 2)


def _threshold(told: Sequence[tuple[list[float], int]], heat: float) -> float:
    """The least probability from which guesses are right as often as ``SURE`` demands."""
    best: list[tuple[float, bool]] = []
    for probabilities, right in told:
        powers = [p**heat for p in probabilities]
        best.append((max(powers) / sum(powers), right == 0))
    best.sort(reverse=True)
    found, hits = 1.0, 0
    for count, (probability, hit) in enumerate(best, start=1):
        hits += hit
        if hits / count >= SURE:
            found = probability
    return round(found, 4)


def main(arguments: Sequence[str]) -> int:
    """Train on everything and write the model."""
    samples, words = read_samples(), read_words()
    file = Path(arguments[0]) if arguments else data_file("situations") / "model.bin"
    heats, thresholds = calibrate(make_folds(samples, leistung_of), words)
    trained = fit(samples)
    trained.head["last"], trained.head["thresholds"] = heats, thresholds
    write_model(file, trained.head, trained.names, trained.body)
    load_model(file, words)
    sys.stderr.write(
        f"{file.name}: {len(samples)} Titel, {len(trained.names)} Merkmale, {file.stat().st_size / 1e6:.1f} MB,"
        f" Schärfe {heats}, Schwellen {thresholds}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
