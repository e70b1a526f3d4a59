"""Folds: what the text step learns from and what it is asked, so that nothing it is asked about was told before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harvester.situations.fold import fold as folded
from harvester.situations.samples import Sample

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Fold:
    """Samples to learn from, and keyed samples of the official list to ask about."""

    learn: tuple[Sample, ...]
    ask: tuple[Sample, ...]


def leistung_of(sample: Sample) -> str:
    """The Leistung (object) of a key: its first eight digits. All variants of a Leistung stay together."""
    return sample.key[:8]


def bundle_of(sample: Sample) -> str:
    """The OZG-Leistung, a bundle of Leistungen."""
    return sample.ozg_id


def variant_of(sample: Sample) -> str:
    """The whole key: other variants of the Leistung may be known."""
    return sample.key


def make_folds(samples: Sequence[Sample], group: Callable[[Sample], str], count: int = FOLDS) -> tuple[Fold, ...]:
    """Split the keyed samples by group into folds; the same samples always give the same folds.

    Other samples (unkeyed rows, names of bundles, written titles) are learned from only where a keyed sample of their bundle is, so a
    bundle that is asked about as a whole has told nothing; and never those that have the very words of a title that is asked.
    """
    keyed = [sample for sample in samples if sample.kind == "keyed"]
    others = [sample for sample in samples if sample.kind != "keyed"]
    groups = sorted({group(sample) for sample in keyed}, key=lambda name: hashlib.blake2b(name.encode()).digest())
    number = {name: place % count for place, name in enumerate(groups)}
    folds: list[Fold] = []
    for this in range(count):
        ask = tuple(sample for sample in keyed if number[group(sample)] == this)
        learn = [sample for sample in keyed if number[group(sample)] != this]
        bundles = {sample.ozg_id for sample in learn}
        titles = {folded(sample.text) for sample in ask}
        learn += [s for s in others if (s.kind == "lage" or s.ozg_id in bundles) and folded(s.text) not in titles]
        folds.append(Fold(tuple(learn), ask))
    return tuple(folds)
