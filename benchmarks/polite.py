"""``python -m benchmarks polite``: how close a polite run comes to the time its busiest host dictates."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path

from benchmarks.ingest import BenchmarkError
from benchmarks.link_client import open_links
from benchmarks.links import server
from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.links.check import Setup, check_links
from harvester.links.settings import LinkSettings
from harvester.links.store import Selection, domain_of, sync_links
from harvester.plan.estimate import requests_per_link
from harvester.plan.history import Waiting
from harvester.plan.links import LinkQueue


@dataclass(frozen=True, slots=True)
class PoliteFigures:
    """The bound is what politeness alone dictates: the links of the busiest domain or address times the interval.

    ``makespan_ratio_to_bound`` is what the run took over that; robots.txt and the random siblings, which the bound does
    not know of, are in it. ``planned_seconds`` is what ``harvester plan`` says of such a check, knowing nothing but the links.
    """

    links: int
    domains: int
    addresses: int
    busiest: int
    interval: float
    bound_seconds: float
    makespan_seconds: float
    makespan_ratio_to_bound: float
    planned_seconds: float
    makespan_ratio_to_plan: float
    requests: int


def run_polite(directory: Path, large: int, links: int, small: int, interval: float) -> PoliteFigures:
    """Check ``large`` domains with ``links`` links each and ``small`` with one; every four small ones share an address.

    Raises:
        BenchmarkError: not every link was checked.
    """
    addresses = large + -(-small // 4)
    with server(addresses) as places:
        texts, where = _plan(large, links, small, places)
        makespan, requests, checked = asyncio.run(_check(directory, texts, where, interval))
    if checked != len(texts):
        raise BenchmarkError(f"{checked} of {len(texts)} links were checked")
    busiest = max(Counter(where[_host(text)] for text in texts).values())
    bound = busiest * interval
    planned = _plan_of(Counter(domain_of(_host(text)) for text in texts), interval)
    return PoliteFigures(
        links=len(texts),
        domains=large + small,
        addresses=addresses,
        busiest=busiest,
        interval=interval,
        bound_seconds=round(bound, 2),
        makespan_seconds=round(makespan, 2),
        makespan_ratio_to_bound=round(makespan / bound, 3),
        planned_seconds=round(planned, 2),
        makespan_ratio_to_plan=round(makespan / planned, 3),
        requests=requests,
    )


def _plan_of(links: Mapping[str, int], interval: float) -> float:
    """Seconds of a check of so many links of each domain, as the plan has it."""
    now = datetime.now(UTC)
    waiting = [Waiting(domain, now, timedelta(days=1), count) for domain, count in links.items()]
    queue = LinkQueue.of(waiting, dict.fromkeys(links, interval * requests_per_link()), 10_000_000, 1e9)
    return (queue.begin(now).ends - now).total_seconds()


def _plan(large: int, links: int, small: int, places: Sequence[tuple[str, int]]) -> tuple[list[str], dict[str, str]]:
    texts, where = [], {}
    for number in range(large + small):
        address, port = places[number if number < large else large + (number - large) // 4]
        host = f"www.stadt{number}.test"
        where[host] = address
        texts += [f"http://{host}:{port}/leistungen/{n}" for n in range(links if number < large else 1)]
    return texts, where


async def _check(directory: Path, texts: list[str], where: dict[str, str], interval: float) -> tuple[float, int, int]:
    async def resolve(host: str, _port: int) -> list[str]:
        return [where[host]]

    fetch = FetchSettings(allow_addresses=(IPv4Network("127.0.0.0/8"),), contact="https://example.org/harvester")
    settings = LinkSettings(canaries=(), budget=10_000_000)
    setup = Setup(fetch, PolitenessSettings(interval=interval), settings, directory / "snapshots", resolver=resolve)
    with closing(open_links(directory / "state.db")) as conn:
        sync_links(conn, texts, setup.clock.now())
        began = time.perf_counter()
        report = await check_links(conn, Selection(), setup)
        return time.perf_counter() - began, report.requests, report.checked


def _host(text: str) -> str:
    return text.split("/")[2].partition(":")[0]
