"""The nation on a local dask cluster: whether it brings, to the byte, what one machine brings."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.ingest import BenchmarkError
from benchmarks.nation.crew import Crew
from benchmarks.nation.registry import lay_out
from benchmarks.nation.run import HASTE
from benchmarks.nation.serving import Served, serving
from harvester.exports.export import Export, run_export
from harvester.registry import read_registry
from harvester.run.outcome import Outcome
from harvester.run.run import run_sources
from harvester.workspace import Workspace

_DAYS = (datetime(2026, 11, 23, 6, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC))
"""Moments that are the same wherever the nation is harvested, so that dates in exports are."""
_FORMS = ("turtle", "ndjson")


def run_cluster(directory: Path, seed: int, scale: float, workers: int = 2, haste: float = HASTE) -> dict[str, Any]:
    """Harvest two days with as many worker processes as the cluster has workers, then on the cluster, and compare.

    ``differences`` counts exports of a day that are not byte-identical and sources judged otherwise; the nation's sources
    that are out make both runs fail at the same places.

    Raises:
        BenchmarkError: a build was refused.
    """
    crew = Crew(directory / "crew", workers)
    told = f'\n[cluster]\nscheduler = "{crew.address}"\nstore = "{directory / "depot"}"\n'
    found: dict[str, Any] = {"scale": scale, "workers": workers, "differences": 0}
    try:
        with serving(seed, scale, haste=haste) as served:
            for number in range(1, len(_DAYS) + 1):
                served.set_day(number)
                alone = _harvest(directory / "alone", served, number, "", workers)
                together = _harvest(directory / "together", served, number, told, workers)
                found |= {
                    f"day{number}_seconds": alone.pop("seconds"),
                    f"day{number}_cluster_seconds": together.pop("seconds"),
                }
                found[f"day{number}_sources"] = len(alone) - len(_FORMS)
                wrong = sorted(name for name in alone.keys() | together.keys() if alone.get(name) != together.get(name))
                found["differences"] += len(wrong)
                print(f"day {number}: {', '.join(wrong) or 'the same'}", file=sys.stderr, flush=True)
    finally:
        crew.stop()
    return found


def _harvest(root: Path, served: Served, number: int, told: str, workers: int) -> dict[str, Any]:
    """A day: what each source came to, the digests of the exports, and the seconds to the published catalogue."""
    if number == 1:
        lay_out(root, served.nation, workers=workers)
        with Workspace(root).config_file.open("a", encoding="utf-8") as file:
            file.write(told)
    workspace = Workspace(root)
    registry = read_registry(workspace.sources)
    began = time.monotonic()
    report = run_sources(workspace, registry, registry.pick(), links=False, clock=partial(_moment, number))
    seconds = time.monotonic() - began
    if report.refused is not None:
        raise BenchmarkError(f"day {number} in {root}: {report.refused}")
    return {"seconds": round(seconds, 1), **_verdicts(report.outcomes), **_digests(workspace, root)}


def _moment(number: int) -> datetime:
    """The time of day of a day; a function of a module, so that worker processes may have it."""
    return _DAYS[number - 1]


def _verdicts(outcomes: Iterable[Outcome]) -> Mapping[str, Any]:
    return {one.source_id: (one.verdict, one.fetched, one.changes) for one in outcomes}


def _digests(workspace: Workspace, root: Path) -> Mapping[str, str]:
    found = {}
    for form in _FORMS:
        file = root / f"export.{form}"
        run_export(workspace.catalogue_file, Export(format=form, out=file, force=True))
        with file.open("rb") as opened:
            found[f"export.{form}"] = hashlib.file_digest(opened, "sha256").hexdigest()
    return found
