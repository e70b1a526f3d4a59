"""The search benchmark: questions as people type them, asked of a large catalogue."""

from __future__ import annotations

import csv
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.search_catalogue import make_catalogue
from harvester.catalogue.search import Hit, search

QUERIES = Path(__file__).resolve().parents[1] / "tests" / "search" / "queries.csv"
_REGION = "055130000000"


@dataclass(frozen=True, slots=True)
class Searched:
    """The figures. Times are in milliseconds, for one question, each the median of several runs on an open connection.

    ``p50`` and ``p95`` are wall time over the whole catalogue, ``region_…`` within one city and what holds there, ``cpu_…``
    processor time; ``slowest`` is the slowest question of all.
    """

    services: int
    queries: int
    catalogue_mb: float
    p50: float
    p95: float
    slowest: float
    cpu_p50: float
    cpu_p95: float
    region_p50: float
    region_p95: float


def run_search(directory: Path, services: int, seed: int, repeats: int = 5) -> Searched:
    """Make a catalogue in ``directory`` and ask it all questions of the table."""
    file = make_catalogue(directory, services, seed)
    texts = read_queries()
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
        everywhere = [_times(partial(search, db, text), repeats) for text in texts]
        there = [_times(partial(search, db, text, _REGION), repeats) for text in texts]
    walls, cpus = ([pair[n] for pair in everywhere] for n in (0, 1))
    near = [pair[0] for pair in there]
    return Searched(
        services=services,
        queries=len(texts),
        catalogue_mb=round(file.stat().st_size / 1e6, 1),
        p50=_share(walls, 0.5),
        p95=_share(walls, 0.95),
        slowest=round(max(walls), 2),
        cpu_p50=_share(cpus, 0.5),
        cpu_p95=_share(cpus, 0.95),
        region_p50=_share(near, 0.5),
        region_p95=_share(near, 0.95),
    )


def read_queries() -> list[str]:
    """The questions of the table, each once."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return list(dict.fromkeys(row["query"] for row in csv.DictReader(file)))


def _times(ask: Callable[[], list[Hit]], repeats: int) -> tuple[float, float]:
    """Wall and processor time of one question in milliseconds; the first run only warms up."""
    ask()
    walls: list[float] = []
    cpus: list[float] = []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        cpus.append((time.process_time() - cpu) * 1000)
        walls.append((time.perf_counter() - wall) * 1000)
    return median(walls), median(cpus)


def _share(times: Sequence[float], share: float) -> float:
    return round(sorted(times)[int(share * (len(times) - 1))], 2)
