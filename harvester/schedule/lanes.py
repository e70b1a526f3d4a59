"""Lanes: the few commands that run at once, each with a batch of sources, never two at one host."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from harvester.schedule.child import Child, StartCommand
from harvester.schedule.due import Due
from harvester.schedule.places import FindPlaces, by_domain


@dataclass(frozen=True, slots=True)
class Lane:
    """A command, what it was started for, and the places where it asks."""

    child: Child
    due: tuple[Due, ...]
    places: frozenset[str]

    @property
    def ids(self) -> list[str]:
        """Its sources."""
        return [due.source.id for due in self.due]


@dataclass
class Lanes:
    """At most ``most`` commands at once, each with at most ``batch`` sources.

    No two ask at one place of ``places``: a process keeps the budgets of hosts only for itself.
    """

    start: StartCommand
    most: int
    batch: int
    places: FindPlaces = by_domain
    busy: list[Lane] = field(default_factory=list)

    def begin(self, ready: Iterable[Due]) -> list[Due]:
        """Start what fits, in the order given; returns what was started.

        What is ready is dealt out evenly over the free lanes: with two lanes one slow source delays half of the others at
        most, and never those of the next hour. A source that was stuck last time goes alone and after the others, and never
        takes the last lane while others are ready: if it hangs again, it holds up nobody. One whose places are not known yet
        waits, and so does one that would have to be in two lanes.
        """
        free = self.most - len(self.busy)
        if free <= 0:
            return []
        fitting = self._fitting(ready)
        quick = [due for due, _ in fitting if not due.stuck]
        alone = [due for due, _ in fitting if due.stuck][: free - 1 if quick else free]
        lanes: list[list[Due]] = [[] for _ in range(min(free - len(alone), len(quick)))]
        places = {due.source.id: found for due, found in fitting}
        lane_of: dict[str, int] = {}
        for due in quick[: len(lanes) * self.batch]:
            meant = {lane_of[place] for place in places[due.source.id] if place in lane_of}
            if len(meant) > 1:
                continue
            number = meant.pop() if meant else min(range(len(lanes)), key=lambda n: len(lanes[n]))
            lane_of |= dict.fromkeys(places[due.source.id], number)
            lanes[number].append(due)
        for due in alone:
            if places[due.source.id].isdisjoint(lane_of):
                lane_of |= dict.fromkeys(places[due.source.id], len(lanes))
                lanes.append([due])
        started = [tuple(lane[: self.batch]) for lane in lanes if lane]
        for lane in started:
            child = self.start(["run", "--due", "--no-links", *(due.source.id for due in lane)])
            self.busy.append(Lane(child, lane, frozenset().union(*(places[due.source.id] for due in lane))))
        return [due for lane in started for due in lane]

    def _fitting(self, ready: Iterable[Due]) -> list[tuple[Due, frozenset[str]]]:
        """Of those that are ready, in their order, the ones at whose places no command is, with these places."""
        taken = {source_id for lane in self.busy for source_id in lane.ids}
        at_work = frozenset[str]().union(*(lane.places for lane in self.busy))
        found = ((due, self.places(due.source)) for due in ready if due.source.id not in taken)
        return [(due, places) for due, places in found if places is not None and places.isdisjoint(at_work)]

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
