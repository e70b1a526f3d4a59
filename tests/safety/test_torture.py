"""A harvest that is killed, has no room left or is cut off at any moment harms nothing, and the next one converges.

The short form runs with all tests; ``make torture`` goes on for many more rounds.
"""

import random
import resource
import subprocess
import time
from contextlib import closing

import pytest

from harvester.catalogue.check import check_catalogue
from harvester.errors import Exit
from harvester.registry import read_registry
from harvester.run.run import run_sources
from harvester.state import open_state
from harvester.state.lease import all_leases
from tests.build import ask
from tests.safety.torture import LONG, bounded
from tests.safety.town import cut, events_add_up, kill_group, titles

pytestmark = pytest.mark.slow
SOURCES = ("dorf", "kreis", "stadt")
MOST = 60.0
"""Seconds a single harvest may take."""


@pytest.fixture
def three(town):
    """Three sources with 60 services, published once."""
    for name in SOURCES:
        town.add(name, titles(name, 20), interface="xzufi" if name == "kreis" else "dldb")
    converges(town, {})
    return town


def next_day(town, day):
    """Every source changes some titles, drops a service and gets another one."""
    for name in SOURCES:
        town.holds[name] = titles(name, 20, day, start=day % 5)


def run(town):
    registry = read_registry(town.workspace.sources)
    return run_sources(town.workspace, registry, registry.pick())


def comes_round(town, last, old, ids):
    """After a harvest that was cut off the catalogue is whole, and an undisturbed one makes it right; the ids it has then."""
    is_whole(town, last, old, town.held)
    town.configure(run={"workers": 0})
    converges(town, ids)
    return town.ids


def converges(town, before):
    """The next run ends with exactly what the sources hold, under the ids that were there already."""
    report = run(town)
    assert report.exit is Exit.DONE, [outcome.judgement for outcome in report.outcomes]
    assert town.published == town.held
    assert {key: town.ids[key] for key in town.ids.keys() & before.keys()} == {
        key: name for key, name in before.items() if key in town.ids
    }
    events_add_up(town)
    with closing(open_state(town.workspace.state_file)) as state:
        assert all_leases(state.conn) == []
        assert state.conn.execute("SELECT id FROM run WHERE verdict IS NULL").fetchall() == []
        assert state.conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert list(town.workspace.runs.glob("*")) == []
    assert list(town.workspace.builds.glob("catalogue.new*")) == []


def is_whole(town, last_build, old, new):
    """The catalogue opens, is sound, and is the last one published or a new one: of each source the old or the new."""
    file = town.workspace.catalogue_file
    assert [f.name for f in town.root.glob("catalogue.db*")] == ["catalogue.db"]
    assert ask(file, "PRAGMA integrity_check") == [("ok",)]
    assert check_catalogue(file) == []
    published = town.published
    if town.build_id() == last_build:
        assert published == old
    else:
        assert set(published) == set(SOURCES)
        assert [name for name in SOURCES if published[name] not in (old[name], new[name])] == []


def harvest(town, workers):
    """A harvest in a process group of its own, from the moment when it asks the first server."""
    town.configure(run={"workers": workers})
    town.somebody_asked.clear()
    process = town.start("run", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert town.somebody_asked.wait(MOST)
    return process


def usual_time(town, workers):
    """Seconds from the first question to the end."""
    process = harvest(town, workers)
    began = time.monotonic()
    assert process.wait(MOST) == Exit.DONE
    return time.monotonic() - began


def test_killed_at_any_moment(three, record_property):
    chance = random.Random(20260115)
    usual = {workers: usual_time(three, workers) for workers in (0, 2)}
    kills = 0
    ids = three.ids
    for number in bounded(12, 200, minutes=60):
        last, old = three.build_id(), three.published
        next_day(three, number + 1)
        workers = chance.choice([0, 2, 2])
        process = harvest(three, workers)
        try:
            process.wait(chance.uniform(0, usual[workers]))
        except subprocess.TimeoutExpired:
            kills += 1
        finally:
            kill_group(process)
        ids |= comes_round(three, last, old, ids)
    record_property("harvests", number + 1)
    record_property("killed", kills)
    assert kills > number / 4


def test_no_room_left_at_any_size(three, record_property):
    """No file may grow beyond a limit, which to SQLite looks like a full disk (EFBIG in place of ENOSPC)."""
    chance = random.Random(20260116)
    ids = three.ids
    full = 0
    largest = max(file.stat().st_size for file in three.root.rglob("*") if file.is_file())
    for number in bounded(6, 60, minutes=15):
        limit = int(4096 * (largest * 1.5 / 4096) ** chance.random())
        three.configure(run={"workers": chance.choice([0, 2])})
        last, old = three.build_id(), three.published
        next_day(three, number + 1)

        def no_room(limit=limit):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        process = three.start("run", preexec_fn=no_room)
        try:
            _, err = process.communicate(timeout=MOST)
        finally:
            kill_group(process)
        assert b"Traceback" not in err, err
        assert process.returncode in {Exit.DONE, Exit.FAILED, Exit.VOID}, err
        if process.returncode != Exit.DONE:
            full += 1
            assert err.strip()
        ids |= comes_round(three, last, old, ids)
    record_property("harvests", number + 1)
    record_property("without room", full)
    assert full > number / 3


def test_cut_off_after_any_number_of_bytes(three, record_property):
    """Each connection ends early somewhere; the records stay, and so does the catalogue."""
    chance = random.Random(20260117)
    three.configure(run={"workers": 0})
    whole = three.send
    ids = three.ids
    for number in bounded(10, 300, minutes=15):
        old = three.published
        next_day(three, number + 1)
        three.send = cut(int(chance.random() ** 2 * 900))
        began = time.monotonic()
        report = run(three)
        assert time.monotonic() - began < MOST
        assert {str(outcome.verdict) for outcome in report.outcomes} <= {"failed", "partial"}
        assert sum(outcome.changes.removed for outcome in report.outcomes) == 0
        assert three.published == old
        three.send = whole
        if number % 3 == 0 or LONG:
            converges(three, ids)
            ids |= three.ids
    record_property("harvests", number + 1)
    converges(three, ids)


def test_cut_off_now_and_then(three, record_property):
    """Some answers arrive and others do not: what was seen counts, what was not is not taken for absent."""
    chance = random.Random(20260118)
    three.configure(run={"workers": 0})
    whole = three.send
    ids = three.ids
    for number in bounded(5, 100, minutes=10):
        old = three.published
        next_day(three, number + 1)

        def now_and_then(handler, body):
            (whole if chance.random() < 0.6 else cut(chance.randrange(900)))(handler, body)

        three.send = now_and_then
        for outcome in run(three).outcomes:
            name, published = outcome.source_id, three.published
            if outcome.verdict == "complete":
                assert published[name] == three.held[name]
            elif outcome.verdict == "partial":
                assert outcome.changes.removed == 0
                assert published[name] <= old[name] | three.held[name]
                assert len(published[name]) >= len(old[name])
            else:
                assert published[name] == old[name]
        three.send = whole
        converges(three, ids)
        ids |= three.ids
    record_property("harvests", number + 1)
