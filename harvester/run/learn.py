"""What a source normally looks like, learned from its last good runs. Pure.

A source's file may state its expectations; what it does not state is learned. Learned bounds are wide: they are there to catch
the empty answer and the slow erosion that no single run's drop shows, not to judge an editor's work.

What is usual is the median of eight runs, which one odd run does not move. What is too little is measured by the highest that
was ever usual: a bound that only looked at the last eight would sink with a source that loses a little every night.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

RUNS = 8
"""Good runs whose median is what is usual."""

_FEWEST_RUNS = 3
_FEWEST_SERVICES = 20
_LEAST_SHARE = 0.6
_MOST_TIMES = 2.0
_MOST_MORE = 50
_FILL_DROP = 0.3
"""How much lower than usual a field's share may be."""

FIELDS = ("leika_key", "links", "description")
"""Fields whose share of services is watched without being asked for."""


@dataclass(frozen=True, slots=True)
class GoodRun:
    """A complete run: live services after it, and the share of services that had each watched field."""

    services: int
    fill: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Learned:
    """Bounds for the number of services and for the share that has a field; None and empty where nothing is known yet."""

    least: int | None = None
    most: int | None = None
    fields: Mapping[str, float] = field(default_factory=dict)


UNKNOWN = Learned()
"""What is known of a source that was never harvested."""


def learn(runs: Sequence[GoodRun]) -> Learned:
    """Bounds from all good runs since a person last said what is normal, oldest first; nothing from fewer than three."""
    if len(runs) < _FEWEST_RUNS:
        return Learned()
    usual = _usual([run.services for run in runs])
    fields: dict[str, float] = {}
    if usual[-1] >= _FEWEST_SERVICES:
        for name in FIELDS:
            shares = [run.fill[name] for run in runs if name in run.fill]
            if len(shares) >= _FEWEST_RUNS and (least := max(_usual(shares)) - _FILL_DROP) > 0:
                fields[name] = least
    return Learned(int(max(usual) * _LEAST_SHARE), int(usual[-1] * _MOST_TIMES) + _MOST_MORE, fields)


def _usual(values: Sequence[float]) -> list[float]:
    """What was usual after each run from the third on: the median of the last eight, or of as many as there were."""
    return [median(values[max(end - RUNS, 0) : end]) for end in range(_FEWEST_RUNS, len(values) + 1)]
