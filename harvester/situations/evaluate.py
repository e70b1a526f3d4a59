"""Evaluate: on the official labels in folds, and on titles of a file that the model has never seen."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from harvester.errors import UsageError
from harvester.model import LeikaKey
from harvester.situations.cascade import KEY, PREFIX
from harvester.situations.evidence import Evidence
from harvester.situations.figures import Answer, Figures, measure
from harvester.situations.folds import Fold, bundle_of, leistung_of, make_folds, variant_of
from harvester.situations.leika import Entry, Leika, make_leika
from harvester.situations.samples import Sample
from harvester.situations.taxonomy import Taxonomy
from harvester.situations.text import TextModel

SPLITS: dict[str, Callable[[Sample], str]] = {"variant": variant_of, "leistung": leistung_of, "bundle": bundle_of}
"""What stays together: ``variant`` asks about new variants of known Leistungen, the others about unseen Leistungen and bundles."""
_SURE_RULE = 0.9


def evaluate_folds(
    samples: Sequence[Sample], split: str, fit: Callable[[Sequence[Sample]], TextModel], *, evidence: bool = True
) -> dict[str, Figures]:
    """Figures for the Themenfeld (``field``) and the Lage (``lage``) over five folds.

    ``fit`` trains a model (``harvester.situations.train``); ``evidence`` False gives it the title only and leaves the cascade out.
    """
    answers: dict[str, list[Answer]] = {"field": [], "lage": []}
    for fold in make_folds(samples, SPLITS[split]):
        for which, answer in _ask(fold, fit(fold.learn), evidence=evidence):
            answers[which].append(answer)
    return {which: measure(some) for which, some in answers.items()}


def evaluate_file(file: Path, column: str, label: str, model: TextModel, ozg: Taxonomy) -> Figures:
    """Figures for the Themenfeld on the titles of a CSV file; labels are codes or names separated by ``|``.

    Raises:
        UsageError: the file has no such column, or a label is no Themenfeld.
    """
    return measure(_answers(file, column, label, model, ozg))


def _answers(file: Path, column: str, label: str, model: TextModel, ozg: Taxonomy) -> Iterator[Answer]:
    names = {s.code: s.code for s in ozg.situations.values() if s.parent is None}
    names |= {s.name.casefold(): s.code for s in ozg.situations.values() if s.parent is None}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        for needed in (column, label):
            if needed not in (reader.fieldnames or ()):
                raise UsageError(f"{file} has no column {needed!r}; it has {', '.join(reader.fieldnames or ())}")
        for row in reader:
            right: set[str] = set()
            for part in filter(None, (p.strip() for p in row[label].split("|"))):
                code = names.get(part) or names.get(part.casefold())
                if code is None:
                    raise UsageError(
                        f"{file}, line {reader.line_num}: {part!r} is no Themenfeld; there are {', '.join(sorted(set(names.values())))}"
                    )
                right.add(code)
            if row[column].strip() and right:
                guess = model.classify(Evidence(row[column]))
                codes = tuple(code for code, _ in guess.fields)
                yield Answer(row[column], codes, guess.fields[0][1], guess.sure, "text", frozenset(right))


def _ask(fold: Fold, model: TextModel, *, evidence: bool) -> Iterator[tuple[str, Answer]]:
    leika = make_leika(Entry(s.key, s.text, s.ozg_id, s.lage, s.field) for s in fold.learn if s.kind == "keyed")
    for sample in fold.ask:
        guess = model.classify(Evidence(sample.text, sample.evidence if evidence else ()))
        step, rule, rule_lagen = _rule(leika, LeikaKey(sample.key)) if evidence else ("text", (), ())
        if step == "group":
            rule_lagen = [lage for lage in guess.lagen if lage[0].startswith(f"{rule[0][0]}.")]
        fields = _first(rule, guess.fields)
        lagen = _first(rule_lagen, guess.lagen)
        sure = guess.sure if step == "text" else fields[0][1] >= _SURE_RULE
        yield "field", Answer(sample.text, _codes(fields), fields[0][1], sure, step, (sample.field,))
        yield "lage", Answer(sample.text, _codes(lagen), lagen[0][1], sure, step, (sample.lage,))


def _rule(leika: Leika, key: LeikaKey) -> tuple[str, Sequence[tuple[str, float]], Sequence[tuple[str, float]]]:
    """What the steps before the text say: step, Themenfelder, Lagen."""
    if known := leika.by_prefix(key):
        digits, votes = known
        lagen = [(vote.code, vote.share * PREFIX[digits]) for vote in votes]
        fields: dict[str, float] = {}
        for code, share in lagen:
            field = code.partition(".")[0]
            fields[field] = fields.get(field, 0.0) + share
        return f"prefix.{digits}", sorted(fields.items(), key=lambda pair: -pair[1]), lagen
    if vote := leika.by_group(key):
        return "group", [(vote.code, vote.share * KEY)], ()
    return "text", (), ()


def _first(rule: Sequence[tuple[str, float]], text: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    said = {code for code, _ in rule}
    return [*rule, *((code, probability) for code, probability in text if code not in said)]


def _codes(pairs: Iterable[tuple[str, float]]) -> tuple[str, ...]:
    return tuple(code for code, _ in pairs)
