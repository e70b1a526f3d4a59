"""``python -m benchmarks nation``: harvest the nation from nothing, then a day later, with the commands people use."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.ingest import BenchmarkError
from benchmarks.measure import installed
from benchmarks.nation.nation import Nation
from benchmarks.nation.proof import differences, misjudged
from benchmarks.nation.registry import lay_out
from benchmarks.nation.serving import Served, serving
from benchmarks.nation.truth import truth_of
from benchmarks.nation.watch import Family, peak_of, watch

HASTE = 0.02
"""Latencies on loopback are a fiftieth of real ones."""

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Phase:
    """What a part of a day cost: wall time, and the processor time of all processes that worked on it."""

    wall_seconds: float
    cpu_seconds: float


@dataclass(slots=True)
class Day:
    """A day. ``bytes`` are those of all documents, ``sent_bytes`` those that the nation had to send for the sources.

    ``peaks`` are the largest resident sets in MB of 10^6 bytes, by what a process does.
    """

    services: int
    descriptions: int
    failed_sources: int
    created: int
    changed: int
    removed: int
    requests: int = 0
    bytes: int = 0
    sent_bytes: int = 0
    unchanged_documents: int = 0
    links_checked: int = 0
    links_broken: int = 0
    links_misjudged: int = 0
    phases: dict[str, Phase] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)

    @property
    def cpu_seconds(self) -> float:
        """Of all phases."""
        return sum(phase.cpu_seconds for phase in self.phases.values())


@dataclass(slots=True)
class Harvested:
    """A nation that was harvested on two days."""

    scale: float
    towns: int
    sources: int
    catalogue_mb: float
    state_mb: float
    days: list[Day]

    def figures(self) -> dict[str, Any]:
        """All figures by name. ``cpu_ms_per_service`` is the processor time of a day by the services of the catalogue."""
        found: dict[str, Any] = {
            "scale": self.scale,
            "towns": self.towns,
            "sources": self.sources,
            "catalogue_mb": round(self.catalogue_mb, 1),
            "state_mb": round(self.state_mb, 1),
        }
        for number, day in enumerate(self.days, start=1):
            plain = asdict(day)
            del plain["phases"], plain["peaks"]
            plain["cpu_ms_per_service"] = round(day.cpu_seconds * 1000 / day.services, 3)
            for name, phase in day.phases.items():
                plain[f"{name}_wall_seconds"] = round(phase.wall_seconds, 1)
                plain[f"{name}_cpu_seconds"] = round(phase.cpu_seconds, 1)
            plain |= {f"{name}_peak_rss_mb": round(peak, 1) for name, peak in day.peaks.items()}
            found |= {f"day{number}_{name}": value for name, value in plain.items()}
        return found


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where commands are run and what they print is kept; ``program`` is the harvester's, as it is installed."""

    directory: Path
    program: tuple[str, ...]

    @property
    def workspace(self) -> Path:
        return self.directory / "workspace"

    def run(self, name: str, *words: str) -> tuple[Family, dict[str, Any]]:
        """Run a verb of the harvester; returns what it cost and what it told."""
        output, log = self.directory / f"{name}.json", self.directory / f"{name}.log"
        command = [*self.program, "-m", "harvester", "-w", str(self.workspace), "--json", *words]
        family = watch(command, cwd=_ROOT, output=output, log=log)
        if family.exit_code not in {0, 1}:  # 1: a source failed, as some do
            tail = log.read_text(encoding="utf-8", errors="replace")[-2_000:]
            raise BenchmarkError(f"harvester {' '.join(words)} ended with {family.exit_code}:\n{tail}")
        told: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        return family, told


def warm_up(directory: Path) -> tuple[str, ...]:
    """Harvest a hamlet, so that all modules are compiled, as installers do it; returns Python that uses them.

    The first command that is measured would pay for it otherwise.
    """
    bench = _Bench(directory / "warm-up", tuple(installed(directory)))
    bench.workspace.mkdir(parents=True)
    with serving(1, 0.0005) as served:
        lay_out(bench.workspace, served.nation)
        bench.run("run", "run", "--no-links")
        bench.run("links", "links", "check", "--due")
    return bench.program


def run_nation(
    directory: Path,
    seed: int,
    scale: float,
    *,
    links: bool = True,
    haste: float = HASTE,
    program: tuple[str, ...] = (sys.executable,),
) -> Harvested:
    """Play a nation, harvest it on two days and hold what came against what it knows. ``program`` is Python (``warm_up``).

    Raises:
        BenchmarkError: a command failed, or anything was found other than the nation made it.
    """
    bench = _Bench(directory, program)
    bench.workspace.mkdir(parents=True)
    with serving(seed, scale, haste=haste) as served:
        sources = lay_out(bench.workspace, served.nation)
        days: list[Day] = []
        morning = datetime.now(UTC)
        for number in (1, 2):
            served.set_day(number)
            if days:
                _let_a_day_pass(bench.workspace, morning)
            days.append(_run_day(bench, served, number, links=links))
        days[-1].peaks["server"] = peak_of(served.pid)
    return Harvested(
        scale=scale,
        towns=len(served.nation.towns),
        sources=sources,
        catalogue_mb=(bench.workspace / "catalogue.db").stat().st_size / 1e6,
        state_mb=(bench.workspace / "state.db").stat().st_size / 1e6,
        days=days,
    )


def _let_a_day_pass(workspace: Path, morning: datetime) -> None:
    """Make it a day since that morning for whatever waits for its time: links, of which those in doubt fall due."""
    night = timedelta(days=1) - (datetime.now(UTC) - morning)

    def earlier(moment: str | None) -> str | None:
        return moment and (datetime.fromisoformat(moment) - night).isoformat()

    with closing(sqlite3.connect(workspace / "state.db")) as db, db:
        db.create_function("earlier", 1, earlier, deterministic=True)
        db.execute("UPDATE link SET next_at = earlier(next_at)")
        db.execute("UPDATE link_host SET not_before = earlier(not_before)")


def _run_day(bench: _Bench, served: Served, number: int, *, links: bool) -> Day:
    before = served.told()["bytes"]
    harvest, told = bench.run(f"day{number}-run", "run", "--no-links")
    truth = truth_of(served.nation, number)
    if wrong := differences(bench.workspace, told, truth):
        raise BenchmarkError(
            f"day {number}: {len(wrong)} things are not as the nation made them:\n" + "\n".join(wrong[:20])
        )
    day = Day(
        services=truth.services,
        descriptions=sum(source.seen for source in truth.sources.values()),
        failed_sources=sum(source.out for source in truth.sources.values()),
        created=len(truth.created),
        changed=len(truth.changed),
        removed=len(truth.removed),
        requests=sum(outcome["requests"] for outcome in told["sources"]),
        bytes=sum(outcome["bytes"] for outcome in told["sources"]),
        sent_bytes=served.told()["bytes"] - before,
        unchanged_documents=sum(outcome["unchanged_documents"] for outcome in told["sources"]),
    )
    _part(harvest, _end_of_harvest(bench.workspace), day)
    if links:
        _check_links(bench, served.nation, number, day)
    print(f"scale {served.nation.scale:g}, day {number}: {_line(day)}", file=sys.stderr, flush=True)
    return day


def _line(day: Day) -> str:
    told = ", ".join(
        f"{name} {phase.wall_seconds:.0f} s ({phase.cpu_seconds:.0f} s)" for name, phase in day.phases.items()
    )
    return f"{day.services:,} services as the nation has them; {told}"


def _check_links(bench: _Bench, nation: Nation, number: int, day: Day) -> None:
    since = datetime.now(UTC).isoformat()
    checking, told = bench.run(f"day{number}-links", "links", "check", "--due")
    if told["void"] or told["left_for_later"]:
        raise BenchmarkError(f"day {number}: not all links were looked at: {told['void']} {told['left_for_later']}")
    looked, broken, wrong = misjudged(bench.workspace, nation, number, since)
    day.links_checked, day.links_broken, day.links_misjudged = looked, broken, len(wrong)
    (bench.directory / f"day{number}-misjudged.txt").write_text("\n".join(wrong), encoding="utf-8")
    day.phases["links"] = Phase(checking.wall_seconds, checking.cpu_seconds)
    day.peaks["links"] = checking.main.peak_rss_mb


def _end_of_harvest(workspace: Path) -> float:
    """When the last source was judged."""
    with closing(sqlite3.connect(f"{(workspace / 'state.db').resolve().as_uri()}?mode=ro", uri=True)) as db:
        (at,) = db.execute("SELECT max(ended_at) FROM run").fetchone()
    return datetime.fromisoformat(at).timestamp()


def _part(family: Family, harvested: float, day: Day) -> None:
    """Part a run into harvest and build by the moment the last source was judged; processes by when they began."""
    children = [one for one in family.processes[1:] if "resource_tracker" not in one.command]
    workers = [one for one in children if one.began < harvested]
    writers = [one for one in children if one.began >= harvested]
    harvest = family.main.cpu_until(harvested) + sum(one.cpu[-1][1] for one in workers if one.cpu)
    day.phases["harvest"] = Phase(harvested - family.began, harvest)
    day.phases["build"] = Phase(family.ended - harvested, family.cpu_seconds - harvest)
    day.peaks["main"] = family.main.peak_rss_mb
    day.peaks |= {f"worker{place}": one.peak_rss_mb for place, one in enumerate(workers, start=1)}
    day.peaks |= {f"writer{place}": one.peak_rss_mb for place, one in enumerate(writers, start=1)}
