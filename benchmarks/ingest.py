"""The ingest benchmark: a first harvest of a large XZuFi source, and the same again unchanged."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.file_server import serving
from benchmarks.measure import Measured, installed, measure
from benchmarks.xzufi_stream import MESSAGE, XzufiStream

ROOT = Path(__file__).resolve().parents[1]

_SETTINGS = """\
[fetch]
allow_addresses = ["127.0.0.0/8"]

[politeness]
interval = 0

[links]
budget = 0
"""
_SOURCE = """\
id: benchmark
title: Benchmark, a made-up source
level: land
region: "050000000000"
interface: xzufi
endpoint: {endpoint}
publisher:
  name: Benchmark
"""


class BenchmarkError(Exception):
    """A benchmark whose figures would mean nothing, with the reason."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """The figures. Times are in seconds, sizes in bytes or in MB of 10^6 bytes.

    ``cpu_seconds`` and all without a prefix belong to the first harvest; ``unchanged_…`` to the second, of the same
    bytes. CPU time is that of whole processes, start included. ``peak_rss_mb`` is the largest process of the first
    harvest. ``services_per_second`` counts wall time.
    """

    services: int
    bytes: int
    floor_cpu_seconds: float
    cpu_seconds: float
    cpu_ratio_to_lxml_floor: float
    peak_rss_mb: float
    services_per_second: float
    unchanged_cpu_seconds: float
    unchanged_ratio: float
    floor_wall_seconds: float
    wall_seconds: float
    unchanged_wall_seconds: float
    unchanged_peak_rss_mb: float
    catalogue_mb: float
    catalogue_services: int


def run_ingest(directory: Path, services: int, seed: int, harvester: Sequence[str] = ()) -> Ingest:
    """Make the data in ``directory``, harvest it twice and count what arrived.

    ``harvester`` is the command in front of ``-w WORKSPACE run``, if not this project's.

    Raises:
        BenchmarkError: a command failed, or the catalogue has more or fewer services than the source.
    """
    data, workspace = directory / "data", directory / "workspace"
    data.mkdir(parents=True)
    program = harvester or warm_up(directory / "warm-up")
    size = XzufiStream(services, seed).write(data)
    floor = _run([sys.executable, "-m", "benchmarks.floor", str(data / MESSAGE)], directory / "floor.log")
    with serving(data) as endpoint:
        make_workspace(workspace, endpoint)
        command = [*program, "-w", str(workspace), "run"]
        first = _run(command, directory / "first.log")
        _expect(workspace, services, directory / "first.log")
        again = _run(command, directory / "unchanged.log")
        found = _expect(workspace, services, directory / "unchanged.log")
    return Ingest(
        services=services,
        bytes=size,
        floor_cpu_seconds=round(floor.cpu_seconds, 3),
        cpu_seconds=round(first.cpu_seconds, 3),
        cpu_ratio_to_lxml_floor=round(first.cpu_seconds / floor.cpu_seconds, 3),
        peak_rss_mb=round(first.peak_rss_mb, 1),
        services_per_second=round(services / first.wall_seconds, 1),
        unchanged_cpu_seconds=round(again.cpu_seconds, 3),
        unchanged_ratio=round(again.cpu_seconds / first.cpu_seconds, 4),
        floor_wall_seconds=round(floor.wall_seconds, 3),
        wall_seconds=round(first.wall_seconds, 3),
        unchanged_wall_seconds=round(again.wall_seconds, 3),
        unchanged_peak_rss_mb=round(again.peak_rss_mb, 1),
        catalogue_mb=round((workspace / "catalogue.db").stat().st_size / 1e6, 1),
        catalogue_services=found,
    )


def warm_up(directory: Path) -> tuple[str, ...]:
    """Harvest a handful of services, so that all modules are compiled, as installers do it; returns the command that uses them."""
    data, workspace = directory / "data", directory / "workspace"
    data.mkdir(parents=True)
    XzufiStream(5, 1).write(data)
    program = (*installed(directory), "-m", "harvester")
    with serving(data) as endpoint:
        make_workspace(workspace, endpoint)
        _run([*program, "-w", str(workspace), "run"], directory / "run.log")
    return program


def make_workspace(workspace: Path, endpoint: str) -> None:
    """Write a workspace with one source, at ``endpoint`` on loopback, asked without pauses."""
    folder = workspace / "sources" / "land" / "nw"
    folder.mkdir(parents=True)
    (workspace / "harvester.toml").write_text(_SETTINGS, encoding="utf-8")
    (folder / "benchmark.yml").write_text(_SOURCE.format(endpoint=endpoint), encoding="utf-8")


def count_services(catalogue: Path) -> int:
    """Services of a catalogue, opened read-only."""
    with closing(sqlite3.connect(f"{catalogue.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM service").fetchone()[0])


def _run(command: Sequence[str], log: Path) -> Measured:
    measured = measure(command, cwd=ROOT, log=log)
    if measured.exit_code != 0:
        raise BenchmarkError(f"{' '.join(command)} ended with {measured.exit_code}:\n{_tail(log)}")
    return measured


def _expect(workspace: Path, services: int, log: Path) -> int:
    catalogue = workspace / "catalogue.db"
    if not catalogue.exists():
        raise BenchmarkError(f"the harvest wrote no catalogue.db:\n{_tail(log)}")
    found = count_services(catalogue)
    if found != services:
        raise BenchmarkError(f"the source has {services:,} services and the catalogue {found:,}:\n{_tail(log)}")
    return found


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
