"""Make the plan: estimates, the week played through, and what comes of it for each source and host."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from harvester.links.host_rules import HostRules
from harvester.plan.advice import advise
from harvester.plan.document import BarPlan, HostPlan, Plan, SourcePlan
from harvester.plan.estimate import Load, build_seconds, load_of, requests_per_link
from harvester.plan.history import History, Past
from harvester.plan.links import LinkQueue
from harvester.plan.week import Bar, Week, play_week
from harvester.registry import Source
from harvester.schedule.due import Due
from harvester.schedule.places import domain_of
from harvester.schedule.slots import spread
from harvester.workspace import Settings


def make_plan(
    sources: Iterable[Source],
    history: History,
    due: Sequence[Due],
    settings: Settings,
    rules: HostRules,
    *,
    begins: datetime,
    days: float,
) -> Plan:
    """Plan these sources and all links of the history.

    ``due`` are the sources whose slot has passed. Hosts are told apart by their registrable domain: that two of them share
    an address shows only when they are asked.
    """
    known = {source.id: source for source in sources}
    loads = {i: load_of(s, history.past.get(i, Past()), settings.politeness) for i, s in known.items()}
    each = requests_per_link() if history.requests_per_link is None else history.requests_per_link
    domains = {one.domain for one in history.waiting}
    looks = {d: max(_interval(d, rules, settings) * each, _ANSWER) for d in domains}
    queue = LinkQueue.of(history.waiting, looks, settings.links.budget, settings.links.seconds)
    after = build_seconds(history.services)
    week = play_week(
        known,
        {i: load.seconds for i, load in loads.items()},
        due,
        queue,
        settings=settings.schedule,
        workers=settings.run.workers,
        after=after,
        begins=begins,
        days=days,
    )
    planned = tuple(_source(source, loads[source.id], week) for source in known.values())
    hosts = _hosts(planned, history, week, queue, looks)
    return Plan(
        begins=begins,
        ends=week.ends,
        lanes=settings.schedule.lanes,
        workers=max(settings.run.workers, 1),
        build_seconds=after,
        requests_per_link=round(each, 3),
        sources=tuple(sorted(planned, key=lambda one: (one.begins or week.ends, one.id))),
        hosts=hosts,
        bars=tuple(
            BarPlan(domain=b.domain, source=b.source, begins=b.begins, ends=b.ends, looks=b.looks) for b in week.bars
        ),
        advice=tuple(advise(known, planned, hosts, days)),
    )


_PATIENCE = timedelta(days=1)
_ANSWER = 0.3
"""Seconds that a look takes at least, where politeness is off or nearly so."""


def _interval(domain: str, rules: HostRules, settings: Settings) -> float:
    own = rules.rule(domain).interval
    return settings.politeness.interval if own is None or not settings.politeness.interval else own


def _source(source: Source, load: Load, week: Week) -> SourcePlan:
    bars = [bar for bar in week.bars if bar.source == source.id]
    first: Bar | None = bars[0] if bars else None
    return SourcePlan(
        id=source.id,
        title=source.title,
        interface=source.interface,
        domain=domain_of(source),
        schedule=spread(source),
        slot=first.slot if first else None,
        begins=first.begins if first else None,
        ends=first.ends if first else None,
        runs=len(bars),
        passed=week.passed.get(source.id, 0) + sum(one.source.id == source.id for one in week.waiting),
        requests=load.requests,
        seconds=round(load.seconds, 1),
        interval=load.interval,
        basis="history" if load.runs else "estimate",
        measured=load.runs,
    )


def _hosts(
    sources: Sequence[SourcePlan], history: History, week: Week, queue: LinkQueue, looks: Mapping[str, float]
) -> tuple[HostPlan, ...]:
    of: dict[str, list[SourcePlan]] = defaultdict(list)
    for source in sources:
        of[source.domain].append(source)
    links: dict[str, int] = defaultdict(int)
    for one in history.waiting:
        links[one.domain] += one.links
    bars: dict[str, list[Bar]] = defaultdict(list)
    for bar in week.bars:
        bars[bar.domain].append(bar)
    due: dict[str, int] = defaultdict(int)
    for one in history.waiting:
        due[one.domain] += one.links if one.at <= week.begins else 0
    whole = week.ends - week.begins
    waiting, left = queue.due(week.ends), queue.due(week.ends - min(_PATIENCE, whole / 2))
    seconds = whole.total_seconds()
    found = []
    for domain in of.keys() | links.keys():
        theirs, done = of[domain], sum(bar.looks for bar in bars[domain])
        wanted = sum((s.runs + s.passed) * s.seconds for s in theirs)
        asked = (done + waiting.get(domain, 0)) * looks.get(domain, 0.0)
        found.append(
            HostPlan(
                domain=domain,
                sources=tuple(sorted(s.id for s in theirs)),
                links=links[domain],
                due=due[domain],
                source_seconds=round(wanted, 1),
                link_seconds=round(asked, 1),
                share=round((wanted + asked) / seconds, 6),
                requests=sum((s.runs + s.passed) * s.requests for s in theirs),
                looks=done,
                left=left.get(domain, 0),
                done_at=max((bar.ends for bar in bars[domain]), default=None),
                links_done_at=_looked_at(due[domain], bars[domain]),
            )
        )
    return tuple(sorted(found, key=lambda host: (-host.share, host.domain)))


def _looked_at(due: int, bars: Sequence[Bar]) -> datetime | None:
    """When so many links have been looked at: those that wait longest come first."""
    for bar in sorted((bar for bar in bars if bar.looks), key=lambda bar: bar.ends):
        if 0 < due <= bar.looks:
            return bar.ends
        due -= bar.looks
    return None
