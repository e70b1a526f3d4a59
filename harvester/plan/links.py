"""Links that wait, domain by domain, and what checks of them come to. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from harvester.links.shares import fair_share
from harvester.plan.history import Waiting

_HOUR = timedelta(hours=1)


class Looked(NamedTuple):
    """Links of a domain that a check has looked at, and when it was through with them."""

    domain: str
    ends: datetime
    links: int


@dataclass
class LinkQueue:
    """All links that wait. ``seconds`` is what a look at a link of a domain takes: its requests at the host's pace.

    ``budget`` bounds the links of a check, ``most`` its time (seconds), as ``[links]`` does; links of one domain are asked
    one after another, domains side by side.
    """

    seconds: Mapping[str, float]
    budget: int
    most: float
    groups: dict[str, dict[tuple[datetime, timedelta], int]] = field(default_factory=dict)
    _next: list[tuple[datetime, str]] = field(default_factory=list)

    @classmethod
    def of(cls, waiting: Iterable[Waiting], seconds: Mapping[str, float], budget: int, most: float) -> LinkQueue:
        """The queue of what a state says."""
        queue = cls(seconds, budget, most)
        for one in waiting:
            queue.put(one.domain, one.at, one.wait, one.links)
        return queue

    def put(self, domain: str, at: datetime, wait: timedelta, links: int) -> None:
        """Let links wait for a moment."""
        group = self.groups.setdefault(domain, {})
        group[at, wait] = group.get((at, wait), 0) + links
        heapq.heappush(self._next, (at, domain))

    def due(self, now: datetime) -> dict[str, int]:
        """How many links of each domain are to be looked at by now. Looks only at domains whose turn may have come."""
        domains = set()
        while self._next and self._next[0][0] <= now:
            domains.add(heapq.heappop(self._next)[1])
        found = {}
        for domain in domains:
            times = [at for at, _ in self.groups[domain]]
            if times:
                heapq.heappush(self._next, (min(times), domain))
            if links := sum(links for (at, _), links in self.groups[domain].items() if at <= now):
                found[domain] = links
        return found

    def begin(self, now: datetime) -> Check:
        """A check that begins now; nothing has changed before it ends."""
        counts = self.due(now)
        share = fair_share(counts.values(), self.budget)
        planned = {domain: min(links, share) for domain, links in counts.items()}
        longest = max((links * self.seconds[domain] for domain, links in planned.items()), default=0.0)
        return Check(self, now, planned, now + timedelta(seconds=min(longest, self.most)))

    def take(self, domain: str, now: datetime, links: int, at: datetime) -> None:
        """Links that were due at ``now`` have been looked at; they wait for their next turn, counted in whole hours."""
        group = self.groups[domain]
        for key in sorted(key for key in group if key[0] <= now):
            if not links:
                break
            taken = min(group[key], links)
            links -= taken
            group[key] -= taken
            if not group[key]:
                del group[key]
            again = at + key[1]
            whole = again.replace(minute=0, second=0, microsecond=0)
            self.put(domain, whole if whole == again else whole + _HOUR, key[1], taken)


@dataclass(frozen=True)
class Check:
    """One check: the links it means to look at, by domain, and when it is through if nobody stops it."""

    queue: LinkQueue
    begins: datetime
    planned: Mapping[str, int]
    ends: datetime

    def end(self, at: datetime) -> list[Looked]:
        """It ends, by itself or stopped: what there was time for has been looked at."""
        found = []
        elapsed = (min(at, self.ends) - self.begins).total_seconds()
        for domain, links in self.planned.items():
            each = self.queue.seconds[domain]
            done = links if links * each <= elapsed else min(links, int(elapsed / each))
            if done:
                through = self.begins + timedelta(seconds=done * each)
                self.queue.take(domain, self.begins, done, through)
                found.append(Looked(domain, through, done))
        return found
