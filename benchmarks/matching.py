"""``python -m benchmarks matching``: keys of Munich's keyed services, hidden and found again.

Nothing that is asked about was learned: five folds, all services of one object in the same; weights and thresholds come from the
other four, the thresholds from folds within these. ``precision`` and ``recall`` count what is assigned by those thresholds and
is right in the first 8 digits; ``curve`` is over the same held-out guesses, by their sureness.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.ingest import BenchmarkError
from harvester.matching.clues import find_clues
from harvester.matching.hierarchy import reach
from harvester.matching.learn import Sample, Told, deal, fit, tell
from harvester.matching.page import page_of
from harvester.matching.rank import order
from harvester.matching.table import Table, read_table
from harvester.model import Service
from harvester.registry.options import DldbOptions
from normalizers.dldb import normalize
from tests.normalizers.reading import context, document, records
from tests.real.shared_data import DATA

FILE = "dldb-munich/services_de.json"
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Keyed:
    """A service whose keys were hidden, and the answer."""

    service: Service
    keys: tuple[str, ...]
    sample: Sample


class Answer(NamedTuple):
    """What was said about a service: the first guess, whether it is assigned, and how many of 8, 11 and 14 digits are right."""

    told: Told
    assigned: bool
    right: dict[int, bool]


def run_matching(write: Path | None, seed: int = 1) -> dict[str, Any]:
    """The figures; with ``write`` the weights learned from all services go there.

    Raises:
        BenchmarkError: the real data is absent.
    """
    table = read_table()
    began = time.process_time()
    keyed = [hide(service, table) for service in read_services() if service.leika_keys]
    seconds = time.process_time() - began
    answers = ask(keyed, table, seed)
    if write is not None:
        write.write_text(fit([one.sample for one in keyed], seed).as_json(), encoding="utf-8")
    return {
        **count(answers),
        "services": len(keyed),
        "milliseconds_per_page": round(seconds / len(keyed) * 1000, 2),
    } | {
        "in_table": sum(one.sample.code in table.by_object for one in keyed),
        "objects": len({one.sample.code for one in keyed}),
        "curve": curve(answers),
    }


def read_services() -> list[Service]:
    """Munich's services, through the interface ``dldb``."""
    file = DATA / FILE
    if not file.exists():
        message = f"the real data is absent: {file} (set HARVESTER_SHARED_DATA to the directory that has {FILE})"
        raise BenchmarkError(message)
    found = records(list(normalize(document(file.read_bytes(), "services"), context(DldbOptions()))))
    return [record for record in found if isinstance(record, Service)]


def hide(service: Service, table: Table) -> Keyed:
    """Take the keys away and look for what speaks for which."""
    bare = service.model_copy(update={"leika_keys": ()})
    return Keyed(bare, service.leika_keys, Sample(find_clues(page_of(bare), table), service.leika_keys[0][:8]))


def ask(keyed: Sequence[Keyed], table: Table, seed: int) -> list[Answer]:
    """Answers by models that have not seen the object asked about."""
    folds = deal([one.sample for one in keyed], _FOLDS, seed)
    found: list[Answer] = []
    for fold in range(_FOLDS):
        model = fit([one.sample for one, own in zip(keyed, folds, strict=True) if own != fold], seed)
        for one, own in zip(keyed, folds, strict=True):
            if own == fold:
                guesses = order(one.sample.clues, model.rank)
                told = tell(one.sample, guesses, model.judge)
                key = reach(one.service.title, guesses[0].code, table).key if guesses else ""
                right = {digits: any(key[:digits] == k[:digits] for k in one.keys) for digits in (8, 11, 14)}
                found.append(Answer(told, told.allowed and told.sure >= model.sure, right))
    return found


def count(answers: Sequence[Answer]) -> dict[str, Any]:
    """Precision and recall of what is assigned, for 8, 11 and 14 digits."""
    assigned = [answer for answer in answers if answer.assigned]
    found: dict[str, Any] = {}
    for digits, name in ((8, ""), (11, "_11"), (14, "_14")):
        right = sum(answer.right[digits] for answer in assigned)
        found[f"precision{name}"] = round(right / len(assigned), 3) if assigned else None
        found[f"recall{name}"] = round(right / len(answers), 3)
    return {**found, "assigned": len(assigned), "first_guess_right": sum(answer.right[8] for answer in answers)}


def curve(answers: Sequence[Answer], step: int = 10) -> list[dict[str, float]]:
    """Precision and recall (8 digits) among the surest guesses, ten more at each point."""
    ordered = sorted((a for a in answers if a.told.allowed), key=lambda answer: -answer.told.sure)
    points: list[dict[str, float]] = []
    for size in range(step, len(ordered) + 1, step):
        right = sum(answer.right[8] for answer in ordered[:size])
        sure = ordered[size - 1].told.sure
        points.append(
            {"sure": round(sure, 3), "precision": round(right / size, 3), "recall": round(right / len(answers), 3)}
        )
    return points
