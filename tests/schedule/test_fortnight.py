"""A fortnight of the real scheduler, by a clock that is passed in, with sources that fail, hang, recover and change."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from harvester.registry.schedule import ZONE
from tests.schedule.world import MINUTE, START, Manner, World

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
END = START + 14 * DAY
pytestmark = pytest.mark.slow


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "workspace")
    made.write("daily", "0 3 * * *")
    made.write("early", "30 2 * * *")  # does not exist in one of the nights
    made.write("often", "15 */6 * * *")
    made.write("weekly", "00 4 * * 1")
    made.write("failing", "10 3 * * *")
    made.write("hanging", "20 3 * * *")
    made.write("recovering", "40 3 * * *")
    made.write("changing", "00 5 * * *")
    made.write("leaving", "00 1 * * *")
    for n in range(6):
        made.write(f"town-{n}", "0 3 * * *")
    made.write("twin-a", "00 3 * * *", host="twins.example.org")
    made.write("twin-b", "00 3 * * *", host="twins.example.org")
    made.manners["failing"] = lambda _: Manner(ends="failed")
    made.manners["hanging"] = lambda _: Manner(takes=6 * HOUR, ends="failed")
    made.manners["recovering"] = lambda at: Manner(ends="complete" if at > START + 5 * DAY else "failed")
    return made


def once_per_slot(world, source, since=START + DAY, until=END):
    """Each slot has exactly one run that began in it and before the next, and no run has no slot.

    On the first day everything is made up for, and what waits behind a source that hangs may be late.
    """
    slots = world.slots(source, since, until)
    found = Counter(sum(slot <= r.began for slot in slots) for r in world.of(source) if since <= r.began < until)
    return found == dict.fromkeys(range(1, len(slots) + 1), 1)


def never_two_at_once(world):
    for source in {run.source for run in world.runs}:
        runs = sorted(world.of(source), key=lambda run: run.began)
        assert all(a.ended is not None and a.ended <= b.began for a, b in pairwise(runs)), source


def test_every_due_source_runs_exactly_once_per_slot(world):
    world.boot()
    world.live(END)
    for source in ("daily", "early", "often", "weekly", "failing", "hanging", "recovering", "twin-a", "twin-b"):
        assert once_per_slot(world, source), source
    assert all(once_per_slot(world, f"town-{n}") for n in range(6))
    never_two_at_once(world)
    assert {run.how for run in world.of("recovering")} == {"failed", "complete"}


def test_two_sources_of_one_domain_never_run_at_once(world):
    world.boot()
    world.live(START + 4 * DAY)
    twins = sorted((run for run in world.runs if run.source.startswith("twin")), key=lambda run: run.began)
    assert len(twins) == 10
    assert all(a.ended <= b.began for a, b in pairwise(twins))


def test_no_more_commands_at_once_than_there_are_lanes(world):
    world.boot()
    most = []
    world.live(START + 3 * DAY, watch=lambda: most.append(len([c for c in world.children if c.code is None])))
    assert max(most) == 2


def test_a_source_that_hangs_holds_up_others_once_and_from_then_on_nobody(world):
    """Its run is stopped after [run] seconds; until then the others of its command and their catalogue would wait for it."""
    world.manners["hanging"] = lambda _: Manner(6 * HOUR, "failed", "it took longer than 21600 s and was stopped")
    world.boot()
    world.live(START + DAY)
    beside = set()
    world.live(
        START + 5 * DAY,
        watch=lambda: beside.update(frozenset(x.ids) for x in world.scheduler.lanes.busy if "hanging" in x.ids),
    )
    assert beside == {frozenset({"hanging"})}
    assert once_per_slot(world, "hanging", until=START + 5 * DAY)
    waited = [min(run.began - slot for slot in world.slots(run.source, START, run.began + MINUTE)) for run in world.runs
              if run.began > START + DAY]  # fmt: skip
    assert max(waited) < HOUR


def test_changed_files_count_without_a_restart(world):
    world.boot()
    world.live(START + 3 * DAY)
    world.write("changing", "00 13 * * *")
    world.write("leaving", "00 1 * * *", enabled=False)
    world.write("new", "30 4 * * *")
    (world.root / "sources" / "daily.yml").write_text("id: [", "utf-8")  # somebody is editing it
    world.live(START + 6 * DAY)
    hours = [run.began.astimezone(ZONE).hour for run in world.of("changing") if run.began >= START + 3 * DAY + HOUR]
    assert hours == [13, 13, 13]
    assert not [run for run in world.of("leaving") if run.began > START + 3 * DAY]
    assert len(world.of("new")) == 4  # at once, and three nights
    before = len(world.of("daily"))
    world.write("daily", "0 3 * * *")
    world.live(START + 8 * DAY)
    assert len(world.of("daily")) == before + 3  # what it missed, and two nights


def test_after_a_gap_each_source_is_made_up_for_once_and_not_all_at_once(world):
    world.boot()
    world.live(START + 3 * DAY)
    world.sleep(START + 11 * DAY)
    world.boot()
    began = world.now
    most = []
    world.live(began + 12 * HOUR, watch=lambda: most.append(len([c for c in world.children if c.code is None])))
    caught_up = Counter(run.source for run in world.runs if began <= run.began)
    assert caught_up["daily"] == caught_up["weekly"] == caught_up["town-4"] == 1
    assert max(most) == 2
    never_two_at_once(world)


def test_what_was_missed_is_made_up_for_at_night_only(world):
    (world.root / "harvester.toml").write_text('[schedule]\nnight = "21:00-06:00"\n', "utf-8")
    world.boot()  # at noon, nothing was ever harvested
    world.live(START + 8 * HOUR)
    assert {run.source for run in world.runs} == {"often"}  # its own line says noon
    world.live(START + 18 * HOUR)
    assert {run.source for run in world.runs} >= {"daily", "weekly", "town-0"}


def test_what_was_missed_by_minutes_is_not_missed(world):
    (world.root / "harvester.toml").write_text('[schedule]\nnight = "21:00-03:30"\n', "utf-8")
    world.boot()
    world.live(START + 15 * HOUR + 30 * MINUTE)
    world.sleep(START + 16 * HOUR + 30 * MINUTE)  # 04:30
    world.boot()
    world.live(START + 17 * HOUR)
    assert world.of("recovering")[-1].began >= START + 16 * HOUR  # 03:40, an hour ago
    assert world.of("hanging")[-1].began < START + 16 * HOUR


def test_an_interrupted_slot_is_tried_again_but_not_for_ever(world):
    world.manners["daily"] = lambda _: Manner(ends="dies")
    world.boot()
    world.live(START + 3 * DAY)
    per_slot = Counter(sum(slot <= r.began for slot in world.slots("daily", START, END)) for r in world.of("daily"))
    assert per_slot == {0: 3, 1: 3, 2: 3, 3: 3}
    gaps = [b.began - a.ended for a, b in pairwise(world.of("daily"))]
    assert min(gaps) >= 10 * MINUTE
    assert once_per_slot(world, "twin-a", until=START + 3 * DAY)


@pytest.mark.parametrize("minutes", [0, 1, 17, 15 * 60 + 12, 15 * 60 + 33, 20 * 60])
def test_it_stops_cleanly_at_any_moment(world, minutes):
    scheduler = world.boot()
    world.live(START + minutes * MINUTE)
    scheduler.stop()
    begun = len(world.runs) + sum(len(child.waiting) for child in world.children)
    world.live(world.now + 10 * MINUTE)
    scheduler.lanes.interrupt()
    scheduler.tick()
    assert scheduler.quiet
    assert len(world.runs) <= begun  # what was under way went on, nothing else began
    assert all(run.ended for run in world.runs)
    world.boot()
    world.live(world.now + 2 * DAY)
    never_two_at_once(world)
    counted = [run for run in world.of("town-3") if run.how != "interrupted"]
    assert len(counted) >= 3


def test_links_are_checked_while_no_source_is_and_give_way(world):
    world.boot()
    world.live(START + 2 * DAY)
    assert len(world.checks) > 20
    for check in world.checks:
        ended = check.ended or world.now
        overlapping = [r for r in world.runs if r.began < ended and (r.ended or world.now) > check.began]
        assert not overlapping
    assert any(check.code == 1 for check in world.checks)  # one had to give way
    assert all(b.began - a.began >= HOUR for a, b in pairwise(world.checks))
