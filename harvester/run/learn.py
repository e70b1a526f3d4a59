"""What a source normally looks like, learned from its last good runs. Pure.

A source's file may state its expectations; what it does not state is learned. Learned bounds are wide: they are there to catch
the empty answer and the slow erosion that no single run's drop shows, not to judge an editor's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

RUNS = 8
"""Good runs that are looked at."""

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
    """Bounds from good runs, newest first; nothing from fewer than three."""
    recent = runs[:RUNS]
    if len(recent) < _FEWEST_RUNS:
        return Learned()
    usual = median(run.services for run in recent)
    fields: dict[str, float] = {}
    if usual >= _FEWEST_SERVICES:
        for name in FIELDS:
            shares = [run.fill[name] for run in recent if name in run.fill]
            if len(shares) >= _FEWEST_RUNS and (least := median(shares) - _FILL_DROP) > 0:
                fields[name] = least
    return Learned(int(usual * _LEAST_SHARE), int(usual * _MOST_TIMES) + _MOST_MORE, fields)
