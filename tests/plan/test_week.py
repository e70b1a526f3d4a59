"""Laws of the week: nobody is asked by two at once, no more commands than lanes, no work is lost or made up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.plan.history import Waiting
from harvester.plan.links import LinkQueue
from harvester.plan.week import play_week
from harvester.registry import Source
from harvester.schedule.due import Due
from harvester.schedule.places import domain_of
from harvester.schedule.settings import ScheduleSettings
from harvester.schedule.slots import last_slot, trigger_of

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def source(number: int, host: int, schedule: str) -> Source:
    return Source.model_validate(
        {
            "id": f"source-{number}",
            "title": "Quelle",
            "level": "kommune",
            "region": "055130000000",
            "interface": "dldb",
            "endpoint": f"https://www.stadt{host}.example/",
            "publisher": {"name": "Stadt"},
            "schedule": schedule,
        }
    )


LINES = st.sampled_from(["0 3 * * *", "0 4 * * 1", "*/30 * * * *", "00 12 * * *", "15 */6 * * *"])
SOURCES = st.lists(st.tuples(st.integers(0, 4), LINES, st.floats(0, 40_000)), max_size=8)
LINKS = st.lists(
    st.builds(
        lambda host, hours, wait, links: Waiting(f"stadt{host}.example", NOW + hours * HOUR, wait * HOUR, links),
        st.integers(0, 6),
        st.integers(0, 60),
        st.sampled_from([1, 24, 168, 720]),
        st.integers(1, 5_000),
    ),
    max_size=8,
)
SETTINGS = st.builds(
    ScheduleSettings,
    lanes=st.integers(1, 3),
    batch=st.integers(1, 4),
    links=st.sampled_from([0.0, 30.0, 60.0]),
    night=st.sampled_from(["", "21:00-06:00"]),
)


def play(made, waiting, given_settings, workers=2, budget=1_000, days=2.0):
    sources = {f"source-{n}": source(n, host, line) for n, (host, line, _) in enumerate(made)}
    seconds = {f"source-{n}": took for n, (_, _, took) in enumerate(made)}
    due = [Due(s, slot) for s in sources.values() if (slot := last_slot(trigger_of(s), NOW))]
    queue = LinkQueue.of(waiting, {one.domain: 1.5 for one in waiting}, budget, 3_600)
    week = play_week(
        sources, seconds, due, queue, settings=given_settings, workers=workers, after=10, begins=NOW, days=days
    )
    return sources, seconds, queue, week


@settings(max_examples=150)
@given(SOURCES, LINKS, SETTINGS, st.integers(1, 3))
def test_laws_of_a_week(made, waiting, given_settings, workers):
    sources, seconds, queue, week = play(made, waiting, given_settings, workers)

    for domain in {bar.domain for bar in week.bars}:
        bars = sorted(bar for bar in week.bars if bar.domain == domain)
        bars.sort(key=lambda bar: (bar.begins, bar.ends))
        assert all(a.ends <= b.begins for a, b in pairwise(bars)), "two at once ask one host"

    harvests = [bar for bar in week.bars if bar.source]
    edges = sorted(
        [(b.begins, 1) for b in harvests if b.ends > b.begins] + [(b.ends, -1) for b in harvests if b.ends > b.begins]
    )
    under_way = most = 0
    for _, step in edges:
        under_way += step
        most = max(most, under_way)
    assert most <= given_settings.lanes * workers

    for bar in harvests:
        assert bar.begins >= NOW
        assert bar.begins >= bar.slot, "before its slot"
        assert abs((bar.ends - bar.begins).total_seconds() - seconds[bar.source]) < 0.001
        assert bar.domain == domain_of(sources[bar.source])
    slots = Counter((bar.source, bar.slot) for bar in harvests)
    assert not slots or max(slots.values()) == 1, "a slot is served once"

    assert sum(links for group in queue.groups.values() for links in group.values()) == sum(
        one.links for one in waiting
    )
    for bar in week.bars:
        if bar.looks:
            assert (bar.ends - bar.begins).total_seconds() >= bar.looks * 1.5 - 0.001, "faster than politeness"


@settings(max_examples=40)
@given(SOURCES, st.integers(2, 10))
def test_every_slot_is_run_or_passed_or_still_waits(made, days):
    sources, _, _, week = play(made, [], ScheduleSettings(links=0), days=float(days))
    for source_id, one in sources.items():
        slots, slot = 1, trigger_of(one).get_next_fire_time(None, NOW)
        while slot is not None and slot < week.ends:
            slots, slot = slots + 1, trigger_of(one).get_next_fire_time(slot, slot + timedelta(seconds=1))
        ran = sum(bar.source == source_id for bar in week.bars)
        waits = sum(due.source.id == source_id for due in week.waiting)
        assert ran + week.passed.get(source_id, 0) + waits == slots


def test_links_are_checked_only_while_no_source_is_harvested():
    made = [(0, "00 12 * * *", 7_200.0)]
    waiting = [Waiting("stadt5.example", NOW, 720 * HOUR, 4_000)]
    *_, week = play(made, waiting, ScheduleSettings(links=60), budget=10_000)
    harvests = [bar for bar in week.bars if bar.source]
    checks = [bar for bar in week.bars if bar.looks]
    assert len(harvests) == 3  # the one that was missed, and two days
    assert sum(bar.looks for bar in checks) == 4_000
    assert all(c.ends <= h.begins or c.begins >= h.ends for c in checks for h in harvests)


def test_more_links_than_a_check_takes_wait_for_the_next_one():
    waiting = [Waiting("stadt5.example", NOW, 720 * HOUR, 5_000), Waiting("stadt6.example", NOW, 720 * HOUR, 10)]
    *_, week = play([], waiting, ScheduleSettings(links=60), budget=1_000)
    checks = [bar for bar in week.bars if bar.domain == "stadt5.example"]
    assert [bar.looks for bar in checks] == [990, 1_000, 1_000, 1_000, 1_000, 10]  # 990: the budget is shared
    assert [bar.begins for bar in checks] == [NOW + n * HOUR for n in range(6)]


def test_at_most_lanes_times_workers_hosts_are_harvested_at_once_and_a_longer_run_ends_later():
    made = [(n, "00 12 * * *", 3_600.0) for n in range(5)]
    *_, short = play(made, [], ScheduleSettings(lanes=1), workers=1, days=0.05)
    *_, wide = play(made, [], ScheduleSettings(lanes=2), workers=2, days=0.05)
    assert max(bar.ends for bar in short.bars) == NOW + 5 * HOUR
    assert max(bar.ends for bar in wide.bars) == NOW + 2 * HOUR
