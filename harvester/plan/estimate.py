"""How many requests a run of a source is expected to take: as its last complete runs did, else as its interface does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

import yaml

from harvester.data import data_file
from harvester.fetch.settings import PolitenessSettings
from harvester.plan.history import Past
from harvester.registry import Source

MOST_PER_SECOND = {"pvog": 5.0, "fim": 2.0, "openpvog": 1.0}
"""Requests in a second that an interface bears at most, whatever its source says: as its spider has it (a test compares)."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of a source takes of its host.

    ``seconds`` is its time from the first request to the verdict, never less than its requests take at the source's pace.
    ``runs`` is the number of complete runs that this is the median of; 0: it is an estimate.
    """

    requests: int
    seconds: float
    interval: float
    runs: int


def load_of(source: Source, past: Past, politeness: PolitenessSettings) -> Load:
    """What the next run of a source is expected to take. With ``interval = 0`` in the workspace nobody waits."""
    interval, concurrency = pace_of(source, politeness)
    if past.runs:
        requests = round(median(run.requests for run in past.runs))
        seconds = median(run.seconds for run in past.runs)
    else:
        requests = requests_of(source)
        seconds = requests * _estimates()["seconds_per_request"] / concurrency
    return Load(requests, max(seconds, max(requests - 1, 0) * interval), interval, len(past.runs))


def pace_of(source: Source, politeness: PolitenessSettings) -> tuple[float, int]:
    """Seconds between two requests to the source and how many are under way, as the crawler combines file and workspace."""
    if politeness.interval == 0:
        return 0.0, source.politeness.concurrency
    stated = source.politeness.model_fields_set
    interval = 1 / source.politeness.requests_per_second if "requests_per_second" in stated else politeness.interval
    concurrency = source.politeness.concurrency if "concurrency" in stated else politeness.concurrency
    most = MOST_PER_SECOND.get(source.interface)
    return max(interval, 1 / most) if most else interval, concurrency


def requests_of(source: Source) -> int:
    """The estimate of ``data/plan_estimates.yml`` for a source that was never harvested."""
    rows = [row for row in _estimates()["requests"] if _fits(row, source)]
    expected = source.expectations.services
    usual = next((row["services"] for row in rows if "services" in row), 100)
    services = expected.max if expected.max is not None else max(expected.min, usual)
    pages = getattr(source.options, "pages", None)
    if pages is not None:
        services = min(services, pages)
    asked: float = sum(row.get("base", 0) + row.get("each", 0) * services for row in rows)
    return max(round(asked), 1)


def requests_per_link() -> float:
    """Requests that a look at a link takes where none was looked at yet."""
    return float(_estimates()["requests_per_link"])


def build_seconds(services: int) -> float:
    """How long a command takes after its last source: the catalogue of so many services."""
    build = _estimates()["build"]
    return float(build["base"] + build["each"] * services)


def _fits(row: Mapping[str, Any], source: Source) -> bool:
    wanted: dict[str, Any] = row.get("with", {})
    return row["interface"] == source.interface and all(
        getattr(source.options, k, None) == v for k, v in wanted.items()
    )


@cache
def _estimates() -> dict[str, Any]:
    with data_file("plan_estimates.yml").open(encoding="utf-8") as file:
        found: dict[str, Any] = yaml.safe_load(file)
    return found
