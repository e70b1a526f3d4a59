"""The plan against what then happens: the real scheduler and real harvests over loopback, in time that passes as fast as it can."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from harvester.demo import lay_out, serve_federation
from harvester.fetch import Fetcher, SnapshotStore
from harvester.fetch.clock import Clock
from harvester.plan.document import Plan
from harvester.plan.read import plan_workspace
from harvester.registry import read_registry
from harvester.run.harvest import harvest
from harvester.schedule.places import by_domain
from harvester.state import open_state
from harvester.state.validators import StateValidators
from harvester.workspace import Workspace
from scheduler import Scheduler

START = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Berlin"))
DAY = timedelta(days=1)
pytestmark = pytest.mark.slow


@dataclass
class Time:
    """Time that passes only where somebody waits."""

    now: datetime
    passed: float = 0.0

    def clock(self) -> Clock:
        return Clock(seconds=lambda: self.passed, sleep=self.sleep, now=self.read)

    def read(self) -> datetime:
        return self.now + timedelta(seconds=self.passed)

    async def sleep(self, seconds: float) -> None:
        self.passed += max(seconds, 0.0)
        await asyncio.sleep(0)


@dataclass
class Command:
    """``harvester run --due …``: harvests for real, at once, and is under way until its own time has passed."""

    world: World
    ends: datetime

    def poll(self) -> int | None:
        return 0 if self.world.now >= self.ends else None

    def terminate(self) -> None:
        raise AssertionError("nothing is stopped here")

    kill = terminate


@dataclass
class World:
    """A workspace of the sample, the scheduler, and a clock that jumps from one event to the next."""

    workspace: Workspace
    now: datetime = START
    commands: list[Command] = field(default_factory=list)

    def start(self, arguments: Sequence[str]) -> Command:
        assert arguments[0] == "run"
        registry = read_registry(self.workspace.sources)
        time = Time(self.now)
        with closing(open_state(self.workspace.state_file)) as state:
            for source_id in arguments[3:]:
                asyncio.run(self._harvest(state, registry.sources[source_id], time))
        self.commands.append(Command(self, time.read()))
        return self.commands[-1]

    async def _harvest(self, state, source, time) -> None:
        settings, store = self.workspace.settings, SnapshotStore(self.workspace.snapshots)
        validators = StateValidators(state, time.read)
        async with Fetcher(settings.fetch, settings.politeness, store, validators, clock=time.clock()) as fetcher:
            await harvest(source, state=state, fetcher=fetcher, runs=self.workspace.runs, clock=time.read)

    def live(self, until: datetime) -> None:
        scheduler = Scheduler(self.workspace, lambda: self.now, self.start, by_domain)
        while self.now < until:
            upcoming = scheduler.tick()
            ends = [one.ends for one in self.commands if one.ends > self.now]
            self.now = min([at for at in (until, self.now + DAY / 24, upcoming or until, *ends) if at > self.now])


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Plan, dict[str, tuple[datetime, datetime, int]]]]:
    """A day is harvested, the next one planned, and then lived through."""
    with serve_federation() as federation:
        workspace = lay_out(tmp_path_factory.mktemp("workspace"), federation.port)
        settings = workspace.config_file.read_text("utf-8").replace("interval = 0", "interval = 7")
        workspace.config_file.write_text(f"{settings}\n[run]\nworkers = 1\n[schedule]\nlinks = 0\n", "utf-8")
        world = World(workspace)
        world.live(START + DAY)
        plan = plan_workspace(workspace, read_registry(workspace.sources).pick(), world.now, days=1)
        world.live(START + 2 * DAY)
        with closing(open_state(workspace.state_file)) as state:
            rows = state.conn.execute(
                "SELECT source_id, started_at, ended_at, requests FROM run WHERE started_at >= ?",
                (plan.begins.astimezone(ZoneInfo("UTC")).isoformat(),),
            ).fetchall()
            happened = {row[0]: (*map(datetime.fromisoformat, row[1:3]), row[3]) for row in rows}
        yield plan, happened


def test_every_source_that_is_planned_is_harvested_and_no_other(lived):
    plan, happened = lived
    assert {one.id for one in plan.sources if one.runs} == happened.keys()
    assert all(one.runs == 1 for one in plan.sources if one.id in happened)


def test_sources_end_when_the_plan_says(lived):
    """Within a command's own time and a request or two: pages come and go, and the plan lets the catalogue be built."""
    plan, happened = lived
    told = {one.id: one for one in plan.sources if one.runs}
    known = [one for one in told.values() if one.basis == "history"]
    assert len(known) >= 12
    for one in known:
        began, ended, requests = happened[one.id]
        assert abs(requests - one.requests) <= 2, one.id
        assert abs((ended - began).total_seconds() - one.seconds) <= 3 * 7, one.id
        assert abs((began - one.begins).total_seconds()) <= 60, one.id


def test_the_day_is_over_when_the_plan_says(lived):
    plan, happened = lived
    said = max(one.ends for one in plan.sources if one.ends) - plan.begins
    was = max(ended for _, ended, _ in happened.values()) - plan.begins
    assert abs(said / was - 1) < 0.05


def test_a_pace_that_is_slower_than_the_one_of_the_history_is_planned_with(lived):
    """What a source's requests take at its pace is never undercut, whatever its history says."""
    plan, _ = lived
    assert all(one.seconds >= (one.requests - 1) * one.interval for one in plan.sources)
    assert any(one.interval == 7 and one.requests > 10 for one in plan.sources)
