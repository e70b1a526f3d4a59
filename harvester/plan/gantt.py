"""The geometry of the picture: a row per host, a bar for each stretch in which it is asked. Pure numbers and texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from harvester.plan.document import BarPlan, HostPlan, Plan
from harvester.registry.schedule import ZONE
from harvester.words import Words

MOST = 60
"""Hosts that are drawn, the busiest; more than that nobody tells apart."""
_LABEL, _CHART, _ROW, _TOP = 216, 732, 24, 26
_NAME = 24
"""Letters of a host that fit beside the chart; the table has them all."""
_DAY = 70
"""The width of what a day is called: one at the very edge has none."""
_THIN = 2.0
"""No bar is narrower, and bars of one kind nearer than that are one."""


@dataclass
class Stripe:
    """A bar as drawn: its left end and width, ``sources`` or ``links``, and what it says when it is pointed at."""

    x: float
    width: float
    kind: str
    told: str


@dataclass(frozen=True)
class Row:
    """A host: the top of its row, its name, the share of the time that is wanted of it, and its bars."""

    y: int
    name: str
    share: str
    over: bool
    stripes: tuple[Stripe, ...]


@dataclass(frozen=True)
class Gantt:
    """The whole picture; ``days`` are the places of midnights with what they are called."""

    width: int
    height: int
    left: int
    top: int
    rows: tuple[Row, ...]
    days: tuple[tuple[float, str], ...]


def draw_gantt(plan: Plan, words: Words) -> Gantt:
    """Lay the busiest hosts out over the time of the plan."""
    of: dict[str, list[BarPlan]] = defaultdict(list)
    for bar in plan.bars:
        of[bar.domain].append(bar)
    hosts = [host for host in plan.hosts if of[host.domain] or host.share][:MOST]
    rows = tuple(
        _row(host, _TOP + number * _ROW, tuple(_stripes(of[host.domain], plan, words)), words)
        for number, host in enumerate(hosts)
    )
    return Gantt(_LABEL + _CHART, _TOP + len(rows) * _ROW + 4, _LABEL, _TOP, rows, tuple(_days(plan, words)))


def _row(host: HostPlan, y: int, stripes: tuple[Stripe, ...], words: Words) -> Row:
    name = host.domain if len(host.domain) <= _NAME else f"{host.domain[: _NAME - 1]}…"
    return Row(y, name, f"{words.number(host.share * 100, 1)} %", host.share > 1, stripes)


def _stripes(bars: list[BarPlan], plan: Plan, words: Words) -> Iterator[Stripe]:
    last: dict[str, Stripe] = {}
    for bar in bars:
        kind = "sources" if bar.source else "links"
        begins, ends = _place(bar.begins, plan), _place(bar.ends, plan)
        told = f"{bar.source or words('gantt.links')}: {words.weekday(bar.begins)} – {words.weekday(bar.ends)}"
        before = last.get(kind)
        if before is not None and begins - (before.x + before.width) < _THIN:
            before.width = max(before.width, ends - before.x)
            before.told = before.told if before.told.endswith("…") else f"{before.told}, …"
            continue
        last[kind] = Stripe(begins, max(ends - begins, _THIN), kind, told)
        yield last[kind]


def _place(at: datetime, plan: Plan) -> float:
    share = (at - plan.begins) / (plan.ends - plan.begins)
    return round(_LABEL + _CHART * min(max(share, 0.0), 1.0), 1)


def _days(plan: Plan, words: Words) -> Iterator[tuple[float, str]]:
    midnight = plan.begins.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    count = (plan.ends - plan.begins).days
    for number in range(1, count + 2):
        day = (midnight + timedelta(days=number)).replace(hour=0)
        if day < plan.ends and (number % (count // 10 + 1) == 0):
            place = _place(day, plan)
            yield place, words.weekday(day).rpartition(" ")[0] if _LABEL + _CHART - place > _DAY else ""
