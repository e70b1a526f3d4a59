"""The week ahead, played through: the scheduler's own rules for what may begin, with commands that only take time. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from harvester.plan.links import LinkQueue
from harvester.registry import Source
from harvester.registry.schedule import ZONE
from harvester.schedule.due import Due, may_begin
from harvester.schedule.lanes import Lanes
from harvester.schedule.night import Night
from harvester.schedule.places import domain_of
from harvester.schedule.settings import ScheduleSettings
from harvester.schedule.slots import trigger_of


class Bar(NamedTuple):
    """A stretch of time in which a host is asked: for a source, or (``source`` is empty) for ``looks`` at links."""

    domain: str
    source: str
    begins: datetime
    ends: datetime
    slot: datetime | None = None
    looks: int = 0


@dataclass(frozen=True)
class Week:
    """What was played: bars in the order in which they begin, and the slots nobody came to before the end.

    ``passed`` counts slots of a source that went by while an earlier one was still waiting or under way.
    """

    begins: datetime
    ends: datetime
    bars: list[Bar] = field(default_factory=list)
    waiting: list[Due] = field(default_factory=list)
    passed: dict[str, int] = field(default_factory=dict)


@dataclass
class _Job:
    """A command that does nothing but end at its time; ``ended`` is told once when that was, by itself or stopped."""

    clock: Callable[[], datetime]
    ends: datetime
    ended: Callable[[datetime], None] | None = None

    def poll(self) -> int | None:
        if self.clock() < self.ends:
            return None
        if self.ended is not None:
            tell, self.ended = self.ended, None
            tell(self.ends)
        return 0

    def terminate(self) -> None:
        self.ends = min(self.ends, self.clock())
        self.poll()

    kill = terminate


@dataclass
class _Play:
    """The scheduler's loop over a clock that jumps from one event to the next."""

    sources: Mapping[str, Source]
    seconds: Mapping[str, float]
    settings: ScheduleSettings
    workers: int
    after: float
    links: LinkQueue
    now: datetime
    week: Week

    def __post_init__(self) -> None:
        self.lanes = Lanes(self._harvest, self.settings.lanes, self.settings.batch)
        self.night = Night.read(self.settings.night)
        self.due: dict[str, Due] = {}
        self.jobs: list[_Job] = []
        self.check: _Job | None = None
        self.checked: datetime | None = None

    def run(self, due: Sequence[Due]) -> None:
        """From the first event to the last one before the end; what was begun by then is followed to its own end."""
        self.due = {one.source.id: one for one in due}
        bells = [(slot, source_id) for source_id in self.sources if (slot := self._next(source_id, self.now))]
        heapq.heapify(bells)
        while self.now < self.week.ends:
            while bells and bells[0][0] <= self.now:
                slot, source_id = heapq.heappop(bells)
                if source_id in self.due:
                    self.week.passed[source_id] = self.week.passed.get(source_id, 0) + 1
                self.due[source_id] = Due(self.sources[source_id], slot)
                if (following := self._next(source_id, slot + timedelta(seconds=1))) is not None:
                    heapq.heappush(bells, (following, source_id))
            self._tick()
            self.jobs = [job for job in self.jobs if job.poll() is None]
            self.now = min((at for at in self._moments(bells) if at > self.now), default=self.week.ends)
        for job in self.jobs:  # what is under way at the end is followed to its own
            self.now = max(self.now, job.ends)
            job.poll()
        self.week.bars.sort(key=lambda bar: (bar.begins, bar.domain, bar.source))
        self.week.waiting.extend(self.due[source_id] for source_id in sorted(self.due))

    def _next(self, source_id: str, since: datetime) -> datetime | None:
        found: datetime | None = trigger_of(self.sources[source_id]).get_next_fire_time(None, since)
        return found if found is not None and found < self.week.ends else None

    def _tick(self) -> None:
        """What ``Scheduler.tick`` does."""
        if self.check is not None and self.check.poll() is not None:
            self.check = None
        self.lanes.reap()
        found = may_begin(list(self.due.values()), self.now, grace=self.settings.grace, night=self.night)
        if ready := sorted(found, key=lambda due: (due.slot, due.source.id)):
            if self.check is not None:
                self.check.terminate()
                self.check = None
            for begun in self.lanes.begin(ready):
                del self.due[begun.source.id]
        elif self._may_check():
            self._check()

    def _may_check(self) -> bool:
        """What ``Idle`` and the scheduler ask before links are checked."""
        return (
            self.settings.links > 0
            and self.check is None
            and not self.lanes.busy
            and (self.night is None or self.night.holds(self.now))
            and (self.checked is None or self.now - self.checked >= timedelta(minutes=self.settings.links))
        )

    def _moments(self, bells: Sequence[tuple[datetime, str]]) -> Iterator[datetime]:
        """When something may happen next."""
        if bells:
            yield bells[0][0]
        yield from (job.ends for job in self.jobs)
        if self.night is not None:
            yield from _edges(self.night, self.now)
        if self.checked is not None:
            yield self.checked + timedelta(minutes=self.settings.links)

    def _harvest(self, arguments: Sequence[str]) -> _Job:
        """``harvester run --due --no-links SOURCE…``: workers take the next source whose domain is free; then the catalogue."""
        waiting = [self.sources[one] for one in arguments if one in self.sources]
        free = [self.now] * max(self.workers, 1)
        heapq.heapify(free)
        domains: dict[str, datetime] = {}
        ends = self.now
        while waiting:
            at = heapq.heappop(free)
            source = min(waiting, key=lambda one: max(domains.get(domain_of(one), at), at))
            begins = max(at, domains.get(domain_of(source), at))
            until = begins + timedelta(seconds=self.seconds[source.id])
            waiting.remove(source)
            slot = self.due[source.id].slot if source.id in self.due else None
            self.week.bars.append(Bar(domain_of(source), source.id, begins, until, slot))
            domains[domain_of(source)] = until
            heapq.heappush(free, until)
            ends = max(ends, until)
        return self._job(ends + timedelta(seconds=self.after))

    def _check(self) -> None:
        """``harvester links check --due``; what was not looked at when it is stopped waits on."""
        begins = self.checked = self.now
        check = self.links.begin(begins)

        def ended(at: datetime) -> None:
            self.week.bars.extend(Bar(one.domain, "", begins, one.ends, None, one.links) for one in check.end(at))

        if check.planned:
            self.check = self._job(check.ends, ended)

    def _job(self, ends: datetime, ended: Callable[[datetime], None] | None = None) -> _Job:
        job = _Job(lambda: self.now, ends, ended)
        self.jobs.append(job)
        return job


def _edges(night: Night, now: datetime) -> Iterator[datetime]:
    """When the night begins and ends next."""
    local = now.astimezone(ZONE)
    for days in (0, 1):
        for edge in (night.begins, night.ends):
            yield datetime.combine(local.date() + timedelta(days=days), edge, ZONE)


def play_week(  # noqa: PLR0913 -- what a week is made of
    sources: Mapping[str, Source],
    seconds: Mapping[str, float],
    due: Sequence[Due],
    links: LinkQueue,
    *,
    settings: ScheduleSettings,
    workers: int,
    after: float,
    begins: datetime,
    days: float,
) -> Week:
    """Play the scheduler from ``begins`` on for so many days.

    ``seconds`` is what a run of each source takes, ``after`` what a command needs after its last source. ``due`` are those
    whose slot has passed already. Commands harvest with ``workers`` processes each (0 counts as one).
    """
    week = Week(begins, begins + timedelta(days=days))
    _Play(sources, seconds, settings, workers, after, links, begins, week).run(due)
    return week
