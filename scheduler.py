"""The scheduler: harvests each source when its cron line says so, as processes of their own. Imports no Scrapy.

Run it with ``harvester schedule`` or ``python scheduler.py -w DIR``. Every source has a cron job that rings; whether it is
due then, the runs in ``state.db`` tell, so that a second scheduler and cron may work beside it (docs/scheduler.md).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta

from harvester.log import log_of
from harvester.schedule.bells import Bells
from harvester.schedule.child import StartCommand
from harvester.schedule.due import REST, Due, due_of, may_begin
from harvester.schedule.idle import Idle
from harvester.schedule.lanes import Lanes
from harvester.schedule.night import Night
from harvester.schedule.places import FindPlaces, Places
from harvester.state import open_state
from harvester.workspace import Workspace

SWEEP = timedelta(hours=1)
"""How often all sources are looked at, and not only those that rang: what was missed is found, whatever the reason."""


class Scheduler:
    """Looks, starts, reaps: one ``tick`` after another, by a clock and with a way to start commands that are passed in.

    ``places`` tells where sources are asked; the machine's name service, if nothing else is given.
    """

    def __init__(
        self,
        workspace: Workspace,
        clock: Callable[[], datetime],
        start: StartCommand,
        places: FindPlaces | None = None,
    ) -> None:
        self.settings = workspace.settings.schedule
        self.bells = Bells(workspace.sources, clock)
        places = places or Places(workspace.settings.politeness)
        self.lanes = Lanes(start, self.settings.lanes, self.settings.batch, places)
        self.idle = Idle(start, self.settings.links)
        self.codes: list[int] = []
        self.stopping = False
        self._state_file, self._clock = workspace.state_file, clock
        self._night = Night.read(self.settings.night)
        self._waiting: dict[str, Due] = {}
        self._swept: datetime | None = None
        self._started: dict[str, tuple[datetime, datetime]] = {}
        self._again: list[tuple[datetime, str]] = []

    def tick(self) -> datetime | None:
        """Do what is to be done now; returns when the next job rings."""
        now = self._clock()
        self._reap(now)
        if self.stopping:
            return None
        if self.bells.reload():
            self._swept = None
        upcoming = self.bells.ring()
        self._look(now)
        self._begin(now)
        return upcoming

    def stop(self) -> None:
        """Begin nothing more; what is under way goes on, but for link checks, which lose nothing."""
        self.stopping = True
        self.idle.interrupt()

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way."""
        return not self.lanes.busy and not self.idle.busy

    def ready(self) -> list[Due]:
        """What waits and may begin as soon as there is room, the oldest slot first."""
        now = self._clock()
        found = may_begin(list(self._waiting.values()), now, grace=self.settings.grace, night=self._night)
        return sorted((d for d in found if not self._rests(d, now)), key=lambda due: (due.slot, due.source.id))

    def _reap(self, now: datetime) -> None:
        self.idle.reap()
        for lane, code in self.lanes.reap():
            self.codes.append(code)
            self.bells.rang.update(lane.ids)  # a slot may have passed meanwhile
            self._started.update((due.source.id, (due.slot, now)) for due in lane.due)
            self._again += [(now + REST, source_id) for source_id in lane.ids]
            log_of("scheduler").info("ended", sources=lane.ids, exit=code)

    def _look(self, now: datetime) -> None:
        """Find out which of those that rang are due, and now and then of all."""
        if self._swept is None or not timedelta(0) <= now - self._swept < SWEEP:
            self._swept = now
            self._waiting.clear()
            self.bells.rang.update(self.bells.sources)
        self.bells.rang.update(source_id for at, source_id in self._again if at <= now)
        self._again = [(at, source_id) for at, source_id in self._again if at > now]
        chosen = (self.bells.rang & self.bells.sources.keys()) - {i for lane in self.lanes.busy for i in lane.ids}
        if chosen:
            with closing(open_state(self._state_file)) as state:
                found = {i: due_of(state, self.bells.sources[i], now) for i in sorted(chosen)}
            self._waiting = {i: due for i, due in (self._waiting | found).items() if due is not None}
        self.bells.rang.clear()

    def _begin(self, now: datetime) -> None:
        ready = self.ready()
        if ready and self.idle.busy:  # its requests would come on top of the harvest's
            self.idle.interrupt()
        elif ready:
            for due in self.lanes.begin(ready):
                self._started[due.source.id] = (due.slot, now)
                self._waiting.pop(due.source.id)
                log_of("scheduler").info("started", source=due.source.id, slot=due.slot.isoformat())
        elif not self.lanes.busy and (self._night is None or self._night.holds(now)):
            self.idle.check(now)

    def _rests(self, due: Due, now: datetime) -> bool:
        """Whether a command for this very slot was started a moment ago: what it could not do, it cannot do now."""
        slot, at = self._started.get(due.source.id, (None, now))
        return slot == due.slot and now - at < REST


def main(arguments: Sequence[str] | None = None) -> int:
    """``harvester schedule`` with the same arguments."""
    from harvester.cli import main as command_line  # noqa: PLC0415 - the command line knows this module

    return command_line(["schedule", *(sys.argv[1:] if arguments is None else arguments)])


if __name__ == "__main__":
    sys.exit(main())
