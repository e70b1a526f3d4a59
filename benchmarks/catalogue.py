"""The catalogue benchmark: build it for a whole country, then ask it what portals ask."""

from __future__ import annotations

import csv
import math
import random
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.federal import make_state
from benchmarks.ingest import ROOT, BenchmarkError, count_services
from benchmarks.measure import Measured, measure
from harvester.data import data_file

_QUERIES = ROOT / "examples" / "readers"
_SMALL = 10_000
_ASKED = 200


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The figures. ``build_…`` and ``peak_rss_mb`` (10^6 bytes) are of ``harvester catalogue build``, checks and swap included.

    ``bytes_per_service`` is the size of the file. A region page is the first of ``examples/readers/region.sql``, a search
    ``search.sql`` with a word of a title; each is asked for 200 random regions, once, all rows fetched;
    ``…_cpu_…`` is the processor's time of it, which says more on a busy machine. ``growth_exponent`` is that of the
    build's processor time between ``small_services`` and ``services``: 1 means twice the services, twice the time.
    """

    services: int
    regions: int
    build_seconds: float
    build_cpu_seconds: float
    peak_rss_mb: float
    bytes_per_service: float
    region_page_p50_ms: float
    region_page_p95_ms: float
    region_page_cpu_p95_ms: float
    search_p50_ms: float
    search_p95_ms: float
    search_cpu_p95_ms: float
    tiles_p95_ms: float
    tiles_cpu_p95_ms: float
    growth_exponent: float | None
    small_services: int
    small_build_seconds: float
    small_build_cpu_seconds: float
    state_seconds: float


def run_catalogue(directory: Path, services: int, regions: int, seed: int, small: int = _SMALL) -> Catalogue:
    """Make two states with the same number of services per region, build both, and ask the large one.

    Raises:
        BenchmarkError: a build failed, or the catalogue has more or fewer services than the state.
    """
    few = min(small, services)
    first, _ = build_country(directory / "small", few, max(regions * few // services, 1), seed)
    began = time.perf_counter()
    large, making = build_country(directory / "large", services, regions, seed) if few < services else (first, 0.0)
    workspace = directory / ("large" if few < services else "small")
    state_seconds = making or time.perf_counter() - began
    catalogue = workspace / "catalogue.db"
    asked = _ask(catalogue, random.Random(seed))
    grown = math.log(large.cpu_seconds / first.cpu_seconds) / math.log(services / few) if few < services else None
    return Catalogue(
        services=services,
        regions=regions,
        build_seconds=round(large.wall_seconds, 2),
        build_cpu_seconds=round(large.cpu_seconds, 2),
        peak_rss_mb=round(large.peak_rss_mb, 1),
        bytes_per_service=round(catalogue.stat().st_size / services, 1),
        region_page_p50_ms=_share(asked["region"], 0.5),
        region_page_p95_ms=_share(asked["region"], 0.95),
        region_page_cpu_p95_ms=_share(asked["region cpu"], 0.95),
        search_p50_ms=_share(asked["search"], 0.5),
        search_p95_ms=_share(asked["search"], 0.95),
        search_cpu_p95_ms=_share(asked["search cpu"], 0.95),
        tiles_p95_ms=_share(asked["tiles"], 0.95),
        tiles_cpu_p95_ms=_share(asked["tiles cpu"], 0.95),
        growth_exponent=None if grown is None else round(grown, 3),
        small_services=few,
        small_build_seconds=round(first.wall_seconds, 2),
        small_build_cpu_seconds=round(first.cpu_seconds, 2),
        state_seconds=round(state_seconds, 1),
    )


def build_country(workspace: Path, services: int, regions: int, seed: int) -> tuple[Measured, float]:
    """Make a state in a directory and build its catalogue; returns what the build cost and the seconds of making the state.

    Raises:
        BenchmarkError: the build failed, or the catalogue has more or fewer services than the state.
    """
    workspace.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    made = make_state(workspace, services, regions, seed)
    making = time.perf_counter() - began
    log = workspace / "build.log"
    measured = measure(
        [sys.executable, "-m", "harvester", "-w", str(workspace), "catalogue", "build"], cwd=ROOT, log=log
    )
    if measured.exit_code != 0:
        raise BenchmarkError(f"the build ended with {measured.exit_code}:\n{log.read_text(encoding='utf-8')[-2000:]}")
    found = count_services(workspace / "catalogue.db")
    if found != made:
        raise BenchmarkError(f"the state has {made:,} services and the catalogue {found:,}")
    return measured, making


def _ask(catalogue: Path, dice: random.Random) -> Mapping[str, list[float]]:
    """Milliseconds of every question, by query."""
    with data_file("ozg_leika.csv").open(encoding="utf-8", newline="") as file:
        titles = [row["name"] for row in csv.DictReader(file)]
    found: dict[str, list[float]] = {}
    with closing(sqlite3.connect(f"{catalogue.resolve().as_uri()}?mode=ro", uri=True)) as db:
        towns = [row[0] for row in db.execute("SELECT DISTINCT region FROM organisation ORDER BY 1")]
        for _ in range(_ASKED):
            told = {"ars": dice.choice(towns), "skip": "0", "portal": "gelsenkirchen"}
            told["words"] = _word(dice.choice(titles))
            for name, milliseconds in _time(db, told):
                found.setdefault(name, []).append(milliseconds)
    return found


def _time(db: sqlite3.Connection, told: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    for name in ("region", "search", "tiles"):
        query = (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")
        began, worked = time.perf_counter(), time.process_time()
        db.execute(query, told).fetchall()
        yield f"{name} cpu", (time.process_time() - worked) * 1000
        yield name, (time.perf_counter() - began) * 1000


def _word(title: str) -> str:
    """A word of a title as a citizen types it, the way a reader hands it to FTS5."""
    word = max(title.replace('"', " ").split(), key=len)
    return f'"{word}"*'


def _share(times: list[float], share: float) -> float:
    return round(sorted(times)[max(math.ceil(share * len(times)) - 1, 0)], 2)
