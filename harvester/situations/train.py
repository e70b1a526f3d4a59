"""Train the text step: ``python -m harvester.situations.train [FILE]`` writes ``data/situations/model.bin``.

Needs the development extra ``train`` (scikit-learn, numpy, scipy); running the harvester does not. Linear support vector machines over
parts of words, one class against the rest, for the 14 Themenfelder and for the 55 Lagen; their weights are rounded to bytes.
How sure the model may call itself is measured on five folds that keep every Leistung on one side.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from harvester.data import data_file
from harvester.situations.calibrate import Told, sharpest, threshold
from harvester.situations.evidence import Evidence
from harvester.situations.features import word_features, words_of
from harvester.situations.folds import Fold, leistung_of, make_folds
from harvester.situations.samples import Sample, read_samples
from harvester.situations.text import TextModel, load_model, write_model
from harvester.situations.weights import Scale, Weights
from harvester.situations.words import Words, read_words

Matrix: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

SIDE = {"#g": 0.7, "#n": 0.3, "#m": 0.3, "#v": 0.3, "#t": 0.3, "#l": 0.3, "#p": 0.15}
"""How much the features beside the text weigh (the text's own vector has length one)."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one part of the model is trained.

    ``side``: whether it sees key, type and law. ``seen``: a feature must occur in so many samples. ``weights``: how much a kind of sample
    counts (1 unless told). ``calibration``: sharpness of the two softmaxes, how much the Lagen say about the Themenfeld and the other
    way round. ``sure``: the accuracy that is demanded of what the part is sure of, on folds of the official labels.
    """

    side: bool
    penalty: float
    seen: int
    weights: Mapping[str, float]
    sure: float
    calibration: Mapping[str, float] = field(
        default_factory=lambda: {"field_heat": 3.0, "lage_heat": 6.0, "lage_share": 0.7, "field_help": 0.3}
    )


RECIPES = (
    Recipe(side=False, penalty=0.5, seen=2, weights={"written": 3.0}, sure=0.9),
    Recipe(side=True, penalty=0.5, seen=3, weights={"written": 0.3}, sure=0.95),
)
"""Titles alone: citizens' wording is scarce, so it counts threefold; and the official labels are single, so what is right nine times in
ten there is right more often for a person. Beside a key, the official names speak."""


@dataclass(frozen=True, slots=True)
class Part:
    """Weights before they are written."""

    bias: list[float]
    scale: Scale
    names: list[str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Trained:
    """A model before it is written."""

    head: dict[str, Any]
    parts: tuple[Part, ...]

    def model(self, words: Words) -> TextModel:
        """The model as it will be read."""
        return TextModel(self.head, [Weights(p.bias, p.scale, p.names, p.body) for p in self.parts], words)


def fit(samples: Sequence[Sample], recipes: Sequence[Recipe] = RECIPES) -> Trained:
    """Train on samples; how sure it is stays neutral until ``calibrate``."""
    fields = sorted({sample.field for sample in samples})
    lagen = sorted({sample.lage for sample in samples})
    parts = tuple(_part(samples, recipe, fields, lagen) for recipe in recipes)
    head = {
        "fields": fields,
        "lagen": lagen,
        "parts": [{"bias": p.bias, "scale": [p.scale.text, p.scale.side, p.scale.norm]} for p in parts],
        "calibration": [{**recipe.calibration, "heat": 1.0, "threshold": 0.5} for recipe in recipes],
    }
    return Trained(head, parts)


def fitter(words: Words, calibration: Sequence[Mapping[str, float]]) -> Callable[[Sequence[Sample]], TextModel]:
    """What ``evaluate_folds`` needs: a training that gives models as sure of themselves as the shipped one (``TextModel.calibration``)."""

    def fit_like(samples: Sequence[Sample]) -> TextModel:
        trained = fit(samples)
        return replace(trained, head={**trained.head, "calibration": list(calibration)}).model(words)

    return fit_like


def _part(samples: Sequence[Sample], recipe: Recipe, fields: list[str], lagen: list[str]) -> Part:
    texts = [Counter(part for word in words_of(sample.text) for part in word_features(word)) for sample in samples]
    sides = [tuple(dict.fromkeys(sample.evidence)) if recipe.side else () for sample in samples]
    seen = Counter(feature for some in (*texts, *sides) for feature in some)
    names = sorted(feature for feature, count in seen.items() if count >= recipe.seen)
    size = len(samples)
    value = np.array([SIDE[n[:2]] if n[0] == "#" else math.log((1 + size) / (1 + seen[n])) + 1 for n in names])
    matrix = _matrix(texts, sides, {name: n for n, name in enumerate(names)}, value)
    counts = np.array([recipe.weights.get(sample.kind, 1.0) for sample in samples])
    rows: list[Matrix] = []
    bias: list[float] = []
    for classes, labels in ((fields, [s.field for s in samples]), (lagen, [s.lage for s in samples])):
        numbers = [classes.index(label) for label in labels]
        machine = LinearSVC(C=recipe.penalty, random_state=1).fit(matrix, numbers, sample_weight=counts)
        rows.append(machine.coef_ * value)
        bias += [round(float(b), 5) for b in machine.intercept_]
    return _packed(np.vstack(rows).T, bias, names, value)


def _matrix(
    texts: Sequence[Mapping[str, int]], sides: Sequence[tuple[str, ...]], place: Mapping[str, int], value: Matrix
) -> csr_matrix:
    """One row per sample: the text's features brought to length one, the others as they are."""
    columns: list[int] = []
    data: list[float] = []
    ends = [0]
    for text, side in zip(texts, sides, strict=True):
        known = [feature for feature in sorted(text) if feature in place]
        at = [place[feature] for feature in known]
        counts = np.array([text[feature] for feature in known])
        columns += at
        data += list(counts * value[at] / (math.sqrt(float((counts * value[at] ** 2).sum())) or 1.0))
        at = [place[feature] for feature in side if feature in place]
        columns += at
        data += list(value[at])
        ends.append(len(columns))
    return csr_matrix((data, columns, ends), (len(texts), len(place)))


def _packed(weights: Matrix, bias: list[float], names: list[str], value: Matrix) -> Part:
    """Round weights to bytes: one scale for text, one for the rest; lengths (value squared) into the last column."""
    side = np.array([name[0] == "#" for name in names])
    body = np.zeros((len(names), weights.shape[1] + 1), dtype=np.uint8)
    scales: list[float] = []
    for mask in (~side, side):
        scale = float(np.abs(weights[mask]).max()) / 127 if mask.any() else 1.0
        body[mask, :-1] = np.clip(np.rint(weights[mask] / scale) + 128, 1, 255)
        scales.append(scale)
    squares = value**2
    norm = float(squares[~side].max()) / 255
    body[~side, -1] = np.clip(np.rint(squares[~side] / norm), 1, 255)
    return Part(bias, Scale(scales[0], scales[1], norm), names, body.tobytes())


def calibrate(trained: Trained, folds: Sequence[Fold], words: Words) -> Trained:
    """Set sharpness and threshold of each part, from guesses about samples that a model like it has not seen."""
    told: tuple[list[Told], list[Told]] = ([], [])
    for fold in folds:
        model = fit(fold.learn).model(words)
        for sample in fold.ask:
            for number, features in enumerate(((), sample.evidence)):
                guess = model.classify(Evidence(sample.text, features))
                right = [code for code, _ in guess.fields].index(sample.field)
                told[number].append(Told(tuple(p for _, p in guess.fields), right))
    found: list[dict[str, float]] = []
    for calibration, some, recipe in zip(trained.head["calibration"], told, RECIPES, strict=True):
        heat = sharpest(some)
        found.append({**calibration, "heat": heat, "threshold": threshold(some, heat, recipe.sure)})
    return replace(trained, head={**trained.head, "calibration": found})


def main(arguments: Sequence[str]) -> int:
    """Train on everything and write the model."""
    samples, words = read_samples(), read_words()
    file = Path(arguments[0]) if arguments else data_file("situations") / "model.bin"
    trained = calibrate(fit(samples), make_folds(samples, leistung_of), words)
    write_model(file, trained.head, [(part.names, part.body) for part in trained.parts])
    load_model(file, words)
    features = " und ".join(str(len(part.names)) for part in trained.parts)
    sys.stderr.write(f"{file}: {len(samples)} Titel, {features} Merkmale, {file.stat().st_size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
