"""Two runs at once never touch the same source; what a dead process held is free at once."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from harvester.errors import Exit
from harvester.run.harvest import begin
from harvester.run.recover import abandon, lease_of, recover
from harvester.state import lease, open_state
from harvester.state.lease import LIFETIME, BusyError, Owner, find, give_back, heartbeat, holding, reap, renew, take
from tests.build import source
from tests.safety.town import ROOT, kill_group, send, titles

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
LATE = NOON + LIFETIME + timedelta(seconds=1)
ELSEWHERE = Owner("another-machine", 17, 1.0)


@pytest.fixture
def state(tmp_path):
    with closing(open_state(tmp_path / "state.db")) as made:
        yield made


@pytest.fixture
def dead():
    """A process that was, and is no more."""
    script = "from harvester.state.lease import Owner; o = Owner.this(); print(o.host, o.pid, o.began)"
    host, pid, began = subprocess.check_output([sys.executable, "-c", script], text=True).split()
    return Owner(host, int(pid), float(began))


def test_a_lease_is_taken_once(state):
    assert take(state.conn, "a", Owner.this(), NOON)
    assert not take(state.conn, "a", Owner.this(), NOON)
    assert not take(state.conn, "a", ELSEWHERE, NOON)
    assert take(state.conn, "b", ELSEWHERE, NOON)
    give_back(state.conn, "a", ELSEWHERE)
    assert not take(state.conn, "a", ELSEWHERE, NOON)
    give_back(state.conn, "a", Owner.this())
    assert take(state.conn, "a", ELSEWHERE, NOON)


def test_what_a_dead_process_holds_is_free_at_once(state, dead):
    assert take(state.conn, "a", dead, NOON)
    assert take(state.conn, "a", Owner.this(), NOON)
    assert find(state.conn, "a").owner == Owner.this()


def test_a_process_number_that_is_used_again_is_another_process(state):
    me = Owner.this()
    assert take(state.conn, "a", Owner(me.host, me.pid, me.began - 3600), NOON)
    assert take(state.conn, "a", me, NOON)


def test_a_process_that_ended_and_was_not_fetched_yet_is_gone(state):
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = Owner(Owner.this().host, child.pid, psutil.Process(child.pid).create_time())
    assert take(state.conn, "a", owner, NOON)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE
    assert take(state.conn, "a", Owner.this(), NOON)
    child.communicate()


def test_what_another_machine_holds_is_free_when_its_heart_stopped(state):
    assert take(state.conn, "a", ELSEWHERE, NOON)
    assert not take(state.conn, "a", Owner.this(), NOON + LIFETIME - timedelta(seconds=1))
    assert renew(state.conn, ELSEWHERE, NOON + LIFETIME / 2) == 1
    assert not take(state.conn, "a", Owner.this(), LATE)
    assert take(state.conn, "a", Owner.this(), LATE + LIFETIME / 2)


def test_a_living_process_loses_nothing_when_the_machine_slept(state):
    assert take(state.conn, "a", Owner.this(), NOON)
    assert not take(state.conn, "a", ELSEWHERE, NOON + timedelta(days=3))
    assert reap(state.conn, NOON + timedelta(days=3)) == []


def test_the_reaper_removes_what_is_lost_and_nothing_else(state, dead):
    for name, owner in (("dead", dead), ("elsewhere", ELSEWHERE), ("mine", Owner.this())):
        assert take(state.conn, name, owner, NOON)
    assert [gone.name for gone in reap(state.conn, NOON)] == ["dead"]
    assert [gone.name for gone in reap(state.conn, LATE)] == ["elsewhere"]
    assert [kept.name for kept in lease.all_leases(state.conn)] == ["mine"]


def test_the_heart_beats_while_the_block_runs(state, tmp_path, monkeypatch):
    monkeypatch.setattr(lease, "_BEAT", 0.001)
    assert take(state.conn, "a", Owner.this(), NOON)
    beaten = threading.Event()

    def clock():
        beaten.set()
        return LATE

    with heartbeat(tmp_path / "state.db", Owner.this(), clock):
        assert beaten.wait(10)
    assert find(state.conn, "a").expires_at == LATE + LIFETIME


def test_a_lease_is_given_back_whatever_happens(state, tmp_path):
    def fail():
        with holding(state, tmp_path / "state.db", "a", lambda: NOON):
            assert find(state.conn, "a") is not None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert find(state.conn, "a") is None


def test_who_waits_in_vain_is_told_for_whom(state, tmp_path):
    assert take(state.conn, "a", ELSEWHERE, NOON)
    with (
        pytest.raises(BusyError, match="a is held by process 17 on another-machine since 12:00 UTC"),
        holding(state, tmp_path / "state.db", "a", lambda: NOON),
    ):
        pytest.fail("the lease is another's")
    assert find(state.conn, "a").owner == ELSEWHERE


# Runs that were interrupted


def test_a_run_whose_process_is_gone_is_closed_and_one_that_goes_on_is_not(state, tmp_path, dead):
    gone, going = source("gone"), source("going")
    for of, owner in ((gone, dead), (going, ELSEWHERE)):
        assert take(state.conn, lease_of(of.id), owner, NOON)
        run_id = begin(state, of, NOON)
        (tmp_path / f"{run_id}.shard").write_bytes(b"")
    assert [run.source_id for run in recover(state, tmp_path, NOON)] == ["gone"]
    assert recover(state, tmp_path, NOON) == []
    verdicts = state.conn.execute("SELECT id, verdict FROM source ORDER BY id").fetchall()
    assert [tuple(row) for row in verdicts] == [("going", None), ("gone", "failed")]
    assert [file.name.partition(".")[0][16:] for file in tmp_path.glob("*.shard")] == ["going"]


def test_a_new_run_closes_the_one_that_lost_the_source(state):
    of = source("stadt")
    first, second = begin(state, of, NOON), begin(state, of, NOON)
    rows = dict(state.conn.execute("SELECT id, verdict FROM run").fetchall())
    assert rows == {first: "failed", second: None}


def test_a_worker_that_died_takes_nothing_from_the_run_of_another(state, tmp_path):
    of = source("stadt")
    assert take(state.conn, lease_of(of.id), ELSEWHERE, NOON)
    run_id = begin(state, of, NOON)
    shard = tmp_path / f"{run_id}.shard"
    shard.write_bytes(b"")
    outcome = abandon(state, of, tmp_path, "its process ended", NOON)
    assert (outcome.run_id, outcome.verdict) == ("", "failed")
    assert find(state.conn, lease_of(of.id)).owner == ELSEWHERE
    assert state.conn.execute("SELECT verdict FROM run").fetchone()[0] is None
    assert shard.exists()


def test_a_worker_that_died_before_its_run_began_leaves_a_failed_run(state, tmp_path):
    of = source("stadt")
    outcome = abandon(state, of, tmp_path, "its process ended", NOON)
    rows = state.conn.execute("SELECT id, verdict, reason FROM run").fetchall()
    assert [tuple(row) for row in rows] == [(outcome.run_id, "failed", "The run was stopped: its process ended.")]


# Whole commands


@pytest.fixture
def slow(town):
    """A source that answers only when the event is set."""
    town.add("stadt", titles("stadt", 3))
    go = threading.Event()
    body = town.answers("stadt")["/services.json"]

    def wait(handler):
        assert go.wait(60)
        send(handler, body)

    town.instead["stadt"] = wait
    yield go
    go.set()


def test_two_runs_at_once_never_touch_the_same_source(town, call, slow):
    town.add("kreis", titles("kreis", 3))
    first = town.start("run", "stadt")
    try:
        assert town.somebody_asked.wait(60)
        code, told, _ = call("run")
        assert code == told["exit"] == Exit.BUSY
        assert [source["source"] for source in told["sources"]] == ["kreis"]
        (busy,) = told["busy"]
        assert busy["source_id"] == "stadt"
        assert f"is held by process {first.pid} on " in busy["reason"]
        assert set(town.published) == {"kreis"}
        slow.set()
        _, err = first.communicate(timeout=60)
        assert first.returncode == Exit.DONE, err
    finally:
        kill_group(first)
    assert town.published == town.held
    assert town.asked.count("/services.json") == 2


def test_after_a_kill_the_next_run_need_not_wait(town, call, slow):
    first = town.start("run", "stadt")
    assert town.somebody_asked.wait(60)
    kill_group(first)
    slow.set()
    assert call("run")[0] == Exit.DONE
    assert town.published == town.held
    verdicts = town.ask("SELECT verdict FROM run ORDER BY started_at")
    assert verdicts == [("failed",), ("complete",)]
    with closing(sqlite3.connect(town.workspace.state_file)) as db:
        assert db.execute("SELECT * FROM lease").fetchall() == []


def test_a_run_that_lost_its_source_changes_nothing(town, call, slow):
    """A process that was believed dead wakes up after another run has been at the source."""
    first = town.start("run", "stadt")
    try:
        assert town.somebody_asked.wait(60)
        with closing(open_state(town.workspace.state_file)) as state:
            state.conn.execute("UPDATE lease SET began = 0")
        town.holds["stadt"] = titles("stadt", 5)
        late = town.instead.pop("stadt")
        assert call("run")[0] == Exit.DONE
        town.instead["stadt"] = late
        slow.set()
        out, err = first.communicate(timeout=60)
        assert first.returncode == Exit.BUSY, err
        assert b"taken over by another process; nothing of this run counts" in out + err
    finally:
        kill_group(first)
    assert town.published == town.held
    assert town.ask("SELECT verdict FROM source") == [("complete",)]


def test_a_dry_run_is_in_nobodys_way_and_the_doctor_sees_it(town, call, slow):
    dry = town.start("run", "--dry-run", "stadt")
    try:
        assert town.somebody_asked.wait(60)
        leases = next(d for d in call("doctor")[1]["diagnoses"] if d["check"] == "leases")
        assert (leases["health"], leases["found"]) == ("ok", "held: dry-run:stadt")
        late = town.instead.pop("stadt")
        assert call("run")[0] == Exit.DONE
        town.instead["stadt"] = late
        before = town.build_id()
        slow.set()
        _, err = dry.communicate(timeout=60)
        assert dry.returncode == Exit.DONE, err
    finally:
        kill_group(dry)
    assert town.build_id() == before


def test_commands_that_start_at_once_in_a_new_workspace_all_come_to_their_end(tmp_path):
    """Each of them would make the tables of the state."""
    script = "import sys; from pathlib import Path; from harvester.state import open_state; input(); open_state(Path(sys.argv[1]))"
    command = [sys.executable, "-c", script]
    for number in range(3):
        file = str(tmp_path / f"state-{number}.db")
        waiting = [subprocess.Popen([*command, file], cwd=ROOT, stdin=subprocess.PIPE) for _ in range(4)]
        for process in waiting:
            process.stdin.write(b"\n")
            process.stdin.flush()
        assert [process.wait(60) for process in waiting] == [0] * 4
        for process in waiting:
            process.stdin.close()
