"""A fortnight in a minute: a clock that is moved by hand, and commands that only pretend, on a real state and registry."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from harvester.registry import read_registry
from harvester.registry.schedule import ZONE
from harvester.run.harvest import begin
from harvester.run.recover import lease_of, recover
from harvester.schedule.due import due_of
from harvester.schedule.places import FindPlaces, by_domain
from harvester.schedule.slots import trigger_of
from harvester.state import open_state
from harvester.state.lease import Owner, give_back, take
from harvester.workspace import Workspace
from scheduler import Scheduler

START = datetime(2026, 3, 20, 12, tzinfo=ZONE)  # the night of 29 March has no two o'clock
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Manner:
    """How a source behaves from some moment on: how long its run takes, and how it ends."""

    takes: timedelta = 3 * MINUTE
    ends: str = "complete"  # a verdict, or "dies": its process is gone without a word
    reason: str = ""


@dataclass
class Run:
    """One run of one source, as the world saw it."""

    source: str
    began: datetime
    ended: datetime | None = None
    how: str = ""


@dataclass
class World:
    """A workspace, a clock, and what the commands did."""

    root: Path
    now: datetime = START
    manners: dict[str, Callable[[datetime], Manner]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    children: list[FakeChild] = field(default_factory=list)
    checks: list[FakeChild] = field(default_factory=list)
    scheduler: Scheduler | None = None
    places: FindPlaces = by_domain

    def __post_init__(self) -> None:
        (self.root / "sources").mkdir(parents=True)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def clock(self) -> datetime:
        return self.now

    def write(self, name: str, schedule: str, *, host: str = "", enabled: bool = True) -> None:
        about = {
            "id": name,
            "title": name,
            "level": "kommune",
            "region": "055130000000",
            "interface": "dldb",
            "endpoint": f"https://{host or name + '.example'}/",
            "publisher": {"name": name},
            "schedule": schedule,
            "enabled": enabled,
        }
        (self.root / "sources" / f"{name}.yml").write_text(json.dumps(about), "utf-8")

    def start(self, arguments: Sequence[str]) -> FakeChild:
        child = FakeChild(self, [] if arguments[0] == "links" else [a for a in arguments[1:] if not a.startswith("--")])
        (self.checks if arguments[0] == "links" else self.children).append(child)
        return child

    def boot(self) -> Scheduler:
        self.scheduler = Scheduler(self.workspace, self.clock, self.start, self.places)
        return self.scheduler

    def live(self, until: datetime, *, watch: Callable[[], object] = lambda: None) -> None:
        """Let time pass, from one event to the next, ticking as the service does."""
        assert self.scheduler is not None
        while self.now < until:
            upcoming = self.scheduler.tick()
            watch()
            moments = [until, self.now + 30 * MINUTE, *(at for c in self.all_children if (at := c.next_event()))]
            self.now = min([m for m in [*moments, upcoming or until] if m > self.now])
            for child in self.all_children:
                child.advance()

    def sleep(self, until: datetime) -> None:
        """The machine is off: nobody ticks, and whatever was under way is gone."""
        for child in self.all_children:
            child.kill()
        self.scheduler, self.now = None, until

    @property
    def all_children(self) -> list[FakeChild]:
        return [child for child in (*self.children, *self.checks) if child.code is None]

    def of(self, source: str) -> list[Run]:
        return [run for run in self.runs if run.source == source]

    def slots(self, source: str, since: datetime, until: datetime) -> list[datetime]:
        trigger = trigger_of(read_registry(self.root / "sources").sources[source])
        found, slot = [], trigger.get_next_fire_time(None, since)
        while slot < until:
            found.append(slot)
            slot = trigger.get_next_fire_time(slot, slot + timedelta(seconds=1))
        return found


class FakeChild:
    """What ``harvester run --due SOURCE…`` would do: one source after another, with its lease and its row of ``run``."""

    def __init__(self, world: World, sources: list[str]) -> None:
        self.world, self.waiting, self.code = world, list(sources), None
        self.run: Run | None = None
        self.run_id = ""
        self.until: datetime | None = None
        self.links_until = None if sources else world.now + 20 * MINUTE
        self.began, self.ended = world.now, None
        if sources:
            with closing(open_state(world.workspace.state_file)) as state:
                recover(state, world.workspace.runs, world.now)
            self._next()

    def poll(self) -> int | None:
        return self.code

    def next_event(self) -> datetime | None:
        return self.until or self.links_until

    def advance(self) -> None:
        if self.links_until is not None and self.world.now >= self.links_until:
            self._end(0)
        elif self.until is not None and self.world.now >= self.until:
            manner = self._manner()
            if manner.ends == "dies":
                self._end(-9)
            else:
                self._close(manner.ends, manner.reason)
                self._next()

    def terminate(self) -> None:
        """A stop that hands back: the open run is closed as interrupted."""
        if self.code is None:
            self._end(1)
            with closing(open_state(self.world.workspace.state_file)) as state:
                recover(state, self.world.workspace.runs, self.world.now)

    def kill(self) -> None:
        if self.code is None:
            self._end(-9)

    def _manner(self) -> Manner:
        assert self.run is not None
        return self.world.manners.get(self.run.source, lambda _: Manner())(self.run.began)

    def _next(self) -> None:
        with closing(open_state(self.world.workspace.state_file)) as state:
            while self.waiting:
                source = read_registry(self.world.root / "sources").sources.get(self.waiting.pop(0))
                if source is None or not take(state.conn, lease_of(source.id), Owner.this(), self.world.now):
                    continue
                if due_of(state, source, self.world.now) is None:
                    give_back(state.conn, lease_of(source.id), Owner.this())
                    continue
                self.run_id = begin(state, source, self.world.now)
                self.run = Run(source.id, self.world.now)
                self.world.runs.append(self.run)
                self.until = self.world.now + self._manner().takes
                return
        self._end(0)

    def _close(self, how: str, reason: str = "") -> None:
        assert self.run is not None
        with closing(open_state(self.world.workspace.state_file)) as state:
            state.conn.execute(
                "UPDATE run SET verdict = ?, reason = ?, ended_at = ? WHERE id = ?",
                (how, reason, self.world.now.isoformat(), self.run_id),
            )
            give_back(state.conn, lease_of(self.run.source), Owner.this())
        self.run.ended, self.run.how, self.run, self.until = self.world.now, how, None, None

    def _end(self, code: int) -> None:
        if self.run is not None:  # its lease is free because it is gone
            with closing(open_state(self.world.workspace.state_file)) as state:
                give_back(state.conn, lease_of(self.run.source), Owner.this())
            self.run.ended, self.run.how, self.run = self.world.now, "interrupted", None
        self.code, self.until, self.links_until, self.waiting, self.ended = code, None, None, [], self.world.now
