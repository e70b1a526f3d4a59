"""Lanes: the few commands that run at once, each with a batch of sources, never two on one domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from harvester.fetch.budget import registrable_domain
from harvester.registry import Source
from harvester.schedule.child import Child, StartCommand
from harvester.schedule.due import Due


def domain_of(source: Source) -> str:
    """The domain whose budget a harvest of the source spends; a process keeps budgets only for itself."""
    return registrable_domain(urlsplit(source.endpoint).hostname or "")


@dataclass(frozen=True, slots=True)
class Lane:
    """A command and what it was started for."""

    child: Child
    due: tuple[Due, ...]

    @property
    def ids(self) -> list[str]:
        """Its sources."""
        return [due.source.id for due in self.due]


@dataclass
class Lanes:
    """At most ``most`` commands at once, each with at most ``batch`` sources."""

    start: StartCommand
    most: int
    batch: int
    busy: list[Lane] = field(default_factory=list)

    def begin(self, ready: Iterable[Due]) -> list[Due]:
        """Start what fits, in the order given; returns what was started.

        What is ready is dealt out evenly over the free lanes: with two lanes one slow source delays half of the others at
        most, and never those of the next hour. A source that was stuck last time goes alone and after the others, and never
        takes the last lane while others are ready: if it hangs again, it holds up nobody.
        """
        taken = {source_id for lane in self.busy for source_id in lane.ids}
        domains = {domain_of(due.source) for lane in self.busy for due in lane.due}
        fitting = [d for d in ready if d.source.id not in taken and domain_of(d.source) not in domains]
        free = self.most - len(self.busy)
        if free <= 0 or not fitting:
            return []
        quick = [due for due in fitting if not due.stuck]
        alone = [due for due in fitting if due.stuck][: free - 1 if quick else free]
        lanes: list[list[Due]] = [[] for _ in range(min(free - len(alone), len(quick)))]
        lane_of: dict[str, int] = {}
        for due in quick[: len(lanes) * self.batch]:
            shortest = min(range(len(lanes)), key=lambda n: len(lanes[n]))
            lanes[lane_of.setdefault(domain_of(due.source), shortest)].append(due)
        for due in alone:
            if domain_of(due.source) not in lane_of:
                lane_of[domain_of(due.source)] = len(lanes)
                lanes.append([due])
        started = [tuple(lane[: self.batch]) for lane in lanes if lane]
        for lane in started:
            self.busy.append(Lane(self.start(["run", "--due", "--no-links", *(due.source.id for due in lane)]), lane))
        return [due for lane in started for due in lane]

    def reap(self) -> list[tuple[Lane, int]]:
        """The commands that have ended since the last look, with their exit codes."""
        ended = [(lane, code) for lane in self.busy if (code := lane.child.poll()) is not None]
        for lane, _ in ended:
            self.busy.remove(lane)
        return ended

    def interrupt(self) -> None:
        """Ask all to stop."""
        for lane in self.busy:
            lane.child.terminate()

    def kill(self) -> None:
        """End all at once."""
        for lane in self.busy:
            lane.child.kill()
