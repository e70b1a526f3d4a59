"""A source that hangs, eats memory or kills its process costs nothing but its own run."""

import os
import signal
import threading
from contextlib import closing

import psutil
import pytest

from harvester.errors import Exit
from harvester.registry import read_registry
from harvester.run.execute import Limits, Processes
from harvester.run.progress import Nobody
from harvester.run.run import utc_now
from harvester.schedule.due import TOO_LONG
from harvester.state import open_state
from harvester.state.lease import all_leases
from tests.safety.town import dribble, events_add_up, kill_group, titles

pytestmark = pytest.mark.slow
ENOUGH = 60
"""Seconds after which a test gives up waiting."""


@pytest.fixture
def three(town):
    """Sources that are harvested by two workers at a time; `b` is going to be trouble."""
    town.configure(run={"workers": 2})
    for name in "abc":
        town.add(name, titles(name, 3))
    return town


def judged(told):
    return {source["source"]: source["verdict"] for source in told["sources"]}


def reason(told, name="b"):
    return next(source["reason"] for source in told["sources"] if source["source"] == name)


def nothing_is_left(town):
    """No lease, no open run, no shard."""
    with closing(open_state(town.workspace.state_file)) as state:
        assert all_leases(state.conn) == []
        assert state.conn.execute("SELECT * FROM run WHERE verdict IS NULL").fetchall() == []
    assert list(town.workspace.runs.glob("*")) == []


def test_workers_do_what_one_process_does(three, call):
    code, told, _ = call("run")
    assert (code, judged(told)) == (Exit.DONE, dict.fromkeys("abc", "complete"))
    assert [source["source"] for source in told["sources"]] == list("abc")
    assert three.published == three.held
    nothing_is_left(three)


def test_a_source_that_never_ends_costs_its_own_run(three, call):
    three.configure(run={"seconds": 8}, fetch={"timeout": 5})
    three.instead["b"] = dribble
    code, told, _ = call("run")
    assert (code, judged(told)) == (Exit.FAILED, {"a": "complete", "b": "failed", "c": "complete"})
    assert "it took longer than 8 s and was stopped; raise [run] seconds" in reason(told)
    assert TOO_LONG in reason(told)  # the scheduler knows it by that
    assert three.ask("SELECT verdict FROM source WHERE id = 'b'") == [("failed",)]
    assert set(three.published) == {"a", "c"}
    nothing_is_left(three)
    del three.instead["b"]
    three.configure(run={"seconds": 600})
    assert call("run")[0] == Exit.DONE
    assert three.published == three.held
    events_add_up(three)


def test_a_source_that_eats_memory_costs_its_own_run(three, call):
    # empty lists take twenty times the memory of their text
    three.configure(run={"megabytes": 500})
    three.instead["b"] = b'{"datacount": 0, "data": [' + b",".join([b"[]"] * 8_000_000) + b"]}"
    code, told, _ = call("run")
    assert (code, judged(told)) == (Exit.FAILED, {"a": "complete", "b": "failed", "c": "complete"})
    assert "more than the 500 MB of [run] megabytes, and was stopped" in reason(told)
    nothing_is_left(three)


def test_a_worker_that_is_killed_costs_its_own_run(three, call):
    murdered = threading.Event()
    me = os.getpid()

    def kill(handler):
        """Kill the worker at the other end of the connection, as the kernel does when memory is short."""
        port = handler.client_address[1]
        for child in psutil.Process(me).children():
            if any(c.laddr and c.laddr.port == port for c in child.net_connections("tcp")):
                os.kill(child.pid, signal.SIGKILL)
                murdered.set()

    three.instead["b"] = kill
    code, told, _ = call("run")
    assert murdered.is_set()
    assert (code, judged(told)) == (Exit.FAILED, {"a": "complete", "b": "failed", "c": "complete"})
    assert "its process ended with signal 9 (killed, perhaps for want of memory)" in reason(told)
    nothing_is_left(three)


def test_a_dry_run_that_is_stopped_leaves_no_trace(three, call):
    assert call("run")[0] == Exit.DONE
    three.configure(run={"seconds": 6}, fetch={"timeout": 5})
    three.instead["b"] = dribble
    before = three.workspace.catalogue_file.read_bytes()
    code, told, _ = call("run", "--dry-run", "b")
    assert (code, judged(told)) == (Exit.FAILED, {"b": "failed"})
    with closing(open_state(three.workspace.state_file)) as state:
        assert [row[0] for row in state.conn.execute("SELECT verdict FROM source ORDER BY id")] == ["complete"] * 3
        assert state.conn.execute("SELECT count(*) FROM run").fetchone()[0] == 3
    assert three.workspace.catalogue_file.read_bytes() == before


def test_a_worker_that_dies_while_idle_is_replaced(three):
    done: list[tuple[str, str]] = []

    class Killer(Nobody):
        def result(self, result):
            done.append((result.source_id, result.verdict))
            kill_workers()

    def kill_workers():
        for child in psutil.Process().children():
            if "spawn_main" in " ".join(child.cmdline()):
                child.kill()
                child.wait(ENOUGH)

    sources = read_registry(three.workspace.sources).pick("ab")
    Processes(three.workspace, utc_now, Limits(1, 60, 2000)).execute(sources, Killer())
    assert done == [("a", "complete"), ("b", "complete")]


def test_a_full_disk_ends_the_run_with_3_and_judges_nothing(three, call):
    assert call("run")[0] == Exit.DONE
    before = three.workspace.catalogue_file.read_bytes()
    three.workspace.runs.rmdir()
    three.workspace.runs.write_bytes(b"")  # no shard can be written, as on a disk that is full
    code, told, _ = call("run")
    assert code == told["exit"] == Exit.VOID
    assert "this machine is at fault" in told["error"]
    assert three.workspace.catalogue_file.read_bytes() == before
    three.workspace.runs.unlink()
    assert call("run")[0] == Exit.DONE


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_the_command(three, number):
    three.instead |= dict.fromkeys("ab", dribble)
    process = three.start("run")
    try:
        assert three.somebody_asked.wait(ENOUGH)
        workers = [
            child for child in psutil.Process(process.pid).children() if "spawn_main" in " ".join(child.cmdline())
        ]
        assert len(workers) == 2
        os.kill(process.pid, number)
        assert psutil.wait_procs(workers, timeout=ENOUGH)[1] == []
        _, err = process.communicate(timeout=ENOUGH)
        assert b"Traceback" not in err
    finally:
        kill_group(process)
