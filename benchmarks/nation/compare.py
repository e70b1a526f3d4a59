"""Two sizes of the same nation: whether cost and memory grow as the work does, and what the whole country would take.

Method: of each phase the processor time of both sizes is taken for a straight line over the services, a fixed part and a
part for each service, and the line is read at scale 1. A phase that grows faster than the work shows in its exponent
(1: twice the services, twice the time); the line then tells too little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean
from typing import Any

from benchmarks.nation.run import Day, Harvested, Phase


def compare(small: Sequence[Harvested], large: Harvested) -> dict[str, Any]:
    """Ratios of the large one to the small one, growth exponents, and the straight line at scale 1.

    ``small`` are runs of the same nation, whose costs and peaks are averaged.
    """
    found: dict[str, Any] = {"against_scale": small[0].scale}
    middle = map(_average, zip(*(one.days for one in small), strict=True))
    for number, (less, more) in enumerate(zip(middle, large.days, strict=True), start=1):
        told = _costs(less, more, more.services / large.scale) | _peaks(less, more)
        found |= {f"day{number}_{name}": value for name, value in told.items()}
    return found


def _average(days: Sequence[Day]) -> Day:
    """The same day of several runs as one."""
    first = days[0]
    phases = {
        name: Phase(
            mean(day.phases[name].wall_seconds for day in days), mean(day.phases[name].cpu_seconds for day in days)
        )
        for name in first.phases
    }
    peaks = {name: mean(day.peaks[name] for day in days if name in day.peaks) for name in first.peaks}
    return replace(first, phases=phases, peaks=peaks)


def _costs(less: Day, more: Day, whole: float) -> dict[str, float]:
    found = {"against_cpu_ms_per_service": round(less.cpu_seconds * 1000 / less.services, 3)}
    found["cost_per_service_ratio"] = round((more.cpu_seconds / more.services) / (less.cpu_seconds / less.services), 3)
    total = 0.0
    for name in more.phases.keys() & less.phases.keys():
        costs = less.phases[name].cpu_seconds, more.phases[name].cpu_seconds
        slope = (costs[1] - costs[0]) / (more.services - less.services)
        found[f"{name}_exponent"] = round(math.log(costs[1] / costs[0]) / math.log(more.services / less.services), 3)
        found[f"{name}_ms_per_further_service"] = round(slope * 1000, 3)
        found[f"{name}_fixed_cpu_seconds"] = round(costs[0] - slope * less.services, 1)
        found[f"{name}_cpu_hours_at_scale_1"] = round((costs[1] + slope * (whole - more.services)) / 3600, 2)
        total += found[f"{name}_cpu_hours_at_scale_1"]
    return dict(sorted(found.items())) | {"cpu_hours_at_scale_1": round(total, 2), "services_at_scale_1": round(whole)}


def _peaks(less: Day, more: Day) -> dict[str, float]:
    """Of processes that both had: the largest of their kind."""
    return {
        f"{name}_peak_rss_ratio": round(more.peaks[name] / less.peaks[name], 3)
        for name in more.peaks
        if less.peaks.get(name)
    }
