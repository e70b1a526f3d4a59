"""The portal's benchmark: pages of a whole country's catalogue, asked for at a steady rate."""

from __future__ import annotations

import asyncio
import csv
import math
import random
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil

from benchmarks.catalogue import build_country
from benchmarks.ingest import ROOT, BenchmarkError
from harvester.data import data_file

_START = 60
_WARM = 100
"""Questions before the measured ones: the first ones open the file, in each process."""


@dataclass(frozen=True, slots=True)
class Served:
    """The figures. Two processes answer. Milliseconds are from when a page was due to its last byte, so that a queue counts.

    ``p95_ms`` is that of all pages, the others of one kind each; ``cpu_ms`` is their processor time of a page, ``rss_mb``
    (10^6 bytes) what they held at the end, ``largest_kb`` (10^3 bytes) the largest page, uncompressed.
    """

    services: int
    rate: float
    pages: int
    p50_ms: float
    p95_ms: float
    slowest_ms: float
    tiles_p95_ms: float
    situation_p95_ms: float
    service_p95_ms: float
    search_p95_ms: float
    cpu_ms: float
    rss_mb: float
    largest_kb: float


@dataclass(frozen=True, slots=True)
class _Answer:
    kind: str
    milliseconds: float
    size: int


def run_portal(
    directory: Path, services: int, regions: int, rate: float, seconds: float, seed: int, catalogue: Path | None = None
) -> Served:
    """Serve a catalogue of ``services`` (or the one given) and ask for ``rate`` pages a second, for so many ``seconds``.

    Raises:
        BenchmarkError: the build failed, the server did not start, or a page was not answered with 200.
    """
    if catalogue is None:
        build_country(directory, services, regions, seed)
        catalogue = directory / "catalogue.db"
    workspace = directory / "served"
    workspace.mkdir()
    (workspace / "catalogue.db").symlink_to(catalogue.resolve())
    with closing(sqlite3.connect(f"{catalogue.resolve().as_uri()}?mode=ro", uri=True)) as db:
        (held,) = db.execute("SELECT count(*) FROM service").fetchone()
        asked = list(_questions(db, random.Random(seed), int(rate * seconds) + _WARM))
    with _serving(workspace) as (address, process):
        asyncio.run(_ask(address, asked[:_WARM], rate))
        before, _ = _spent(process)
        answers = asyncio.run(_ask(address, asked[_WARM:], rate))
        after, memory = _spent(process)
    times = {kind: [a.milliseconds for a in answers if a.kind == kind] for kind in _KINDS}
    everything = [a.milliseconds for a in answers]
    return Served(
        services=held,
        rate=rate,
        pages=len(answers),
        p50_ms=_share(everything, 0.5),
        p95_ms=_share(everything, 0.95),
        slowest_ms=_share(everything, 1),
        tiles_p95_ms=_share(times["tiles"], 0.95),
        situation_p95_ms=_share(times["situation"], 0.95),
        service_p95_ms=_share(times["service"], 0.95),
        search_p95_ms=_share(times["search"], 0.95),
        cpu_ms=round((after - before) * 1000 / len(answers), 2),
        rss_mb=round(memory / 1e6, 1),
        largest_kb=round(max(a.size for a in answers) / 1000, 1),
    )


def _spent(process: psutil.Process) -> tuple[float, int]:
    """Seconds of processor time and bytes of memory of the server's processes."""
    family = [process, *process.children(recursive=True)]
    times = [one.cpu_times() for one in family]
    return sum(t.user + t.system for t in times), sum(one.memory_info().rss for one in family)


_KINDS = ("tiles", "situation", "service", "search")


def _questions(db: sqlite3.Connection, dice: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """Kinds and paths of pages: random towns, tiles, services that hold there, words of titles."""
    towns = [
        row[0] for row in db.execute("SELECT DISTINCT region FROM organisation WHERE region IS NOT NULL ORDER BY 1")
    ]
    tiles = [row[0] for row in db.execute("SELECT id FROM tile WHERE portal_id = 'gelsenkirchen' ORDER BY position")]
    with data_file("ozg_leika.csv").open(encoding="utf-8", newline="") as file:
        titles = [row["name"] for row in csv.DictReader(file)]
    for _ in range(count):
        town, kind = dice.choice(towns), dice.choice(_KINDS)
        match kind:
            case "tiles":
                path = ""
            case "situation":
                path = f"lage/{dice.choice(tiles)}"
            case "service":
                holding = db.execute("SELECT service_id FROM v_holding WHERE ars = ?", (town,)).fetchall()
                (slug,) = db.execute("SELECT slug FROM service WHERE id = ?", dice.choice(holding)).fetchone()
                path = f"leistung/{slug}"
            case _:
                path = f"suche?q={quote(max(dice.choice(titles).split(), key=len))}"
        yield kind, f"/de/{town}/{path}"


async def _ask(address: str, asked: Sequence[tuple[str, str]], rate: float) -> list[_Answer]:
    """Ask for each page when it is due, whether or not the ones before were answered."""
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30, trust_env=False) as client:
        begin = time.perf_counter() + 0.1

        async def one(kind: str, path: str, due: float) -> _Answer:
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            response = await client.get(path)
            if response.status_code != httpx.codes.OK:
                raise BenchmarkError(f"{path} was answered with {response.status_code}")
            return _Answer(kind, (time.perf_counter() - due) * 1000, len(response.content))

        return list(await asyncio.gather(*(one(*page, begin + n / rate) for n, page in enumerate(asked))))


@contextmanager
def _serving(workspace: Path) -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "harvester",
        "-w",
        str(workspace),
        "serve",
        "--portal",
        "gelsenkirchen",
        "--workers",
        "2",
    ]
    log = workspace / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, stdout=output, stderr=output)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process, log)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=_START)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{address}/api/v1/", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise BenchmarkError(f"harvester serve did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def _share(times: Sequence[float], share: float) -> float:
    return round(sorted(times)[max(math.ceil(share * len(times)) - 1, 0)], 2) if times else 0.0
