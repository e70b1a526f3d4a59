"""The scheduler: one job per enabled source, minutes spread by the id, and no Scrapy in the process that waits."""

import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scheduler
from harvester.registry import Source
from harvester.registry.schedule import ZONE

IDS = st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,3}", fullmatch=True)


def source(source_id="musterstadt", schedule="0 3 * * *", *, enabled=True):
    return Source(
        id=source_id,
        title=source_id,
        level="kommune",
        region="055130000000",
        interface="dldb",
        endpoint="https://example.org/",
        publisher={"name": "x"},
        schedule=schedule,
        enabled=enabled,
    )


def make_due(planned, *jobs):
    for job in jobs:
        planned.modify_job(job, next_run_time=datetime.now(ZONE))


@given(IDS)
def test_minute_0_is_spread_within_the_hour_and_the_rest_of_the_line_stays(source_id):
    minute, rest = scheduler.spread(source(source_id, "0 3 * * 1-5")).split(maxsplit=1)
    assert 0 <= int(minute) <= 59
    assert rest == "3 * * 1-5"


def test_the_spread_is_stable():
    """A changed hash would move every source of every installation."""
    assert scheduler.spread(source("pvog-nw-gelsenkirchen")) == "11 3 * * *"
    assert scheduler.spread(source("dldb-berlin")) == "23 3 * * *"


def test_many_sources_fill_the_hour():
    minutes = [scheduler.spread(source(f"kommune-{n}")).split()[0] for n in range(600)]
    assert len(set(minutes)) == 60
    assert max(map(minutes.count, minutes)) < 30


@pytest.mark.parametrize("schedule", ["30 3 * * *", "00 3 * * *", "*/15 * * * *", "5,35 * * * *"])
def test_a_stated_minute_stays(schedule):
    assert scheduler.spread(source(schedule=schedule)) == schedule


def test_every_enabled_source_has_one_job():
    planned = scheduler.plan([source("a"), source("b"), source("c", enabled=False)], print)
    assert [(job.id, job.args) for job in planned.get_jobs()] == [("a", ("a",)), ("b", ("b",))]


def test_runs_of_a_source_never_overlap_and_missed_ones_are_one():
    planned = scheduler.plan([source()], print)
    planned.start(paused=True)
    try:
        (job,) = planned.get_jobs()
        assert (job.max_instances, job.coalesce, job.misfire_grace_time) == (1, True, scheduler.MISFIRE_GRACE)
        assert str(job.next_run_time.tzinfo) == "Europe/Berlin"
    finally:
        planned.shutdown()


def test_a_due_source_is_fired_once_by_its_id():
    fired, done = [], threading.Event()

    def fire(source_id):
        fired.append(source_id)
        done.set()

    planned = scheduler.plan([source("a"), source("b")], fire)
    make_due(planned, "a")
    planned.start()
    assert done.wait(10)
    planned.shutdown(wait=True)
    assert fired == ["a"]


def test_a_run_that_fails_does_not_stop_the_others():
    done = threading.Event()

    def fire(source_id):
        if source_id == "a":
            raise RuntimeError(source_id)
        done.set()

    planned = scheduler.plan([source("a"), source("b")], fire)
    make_due(planned, "a", "b")
    planned.start()
    try:
        assert done.wait(10)
    finally:
        planned.shutdown(wait=True)


def test_a_source_is_run_by_the_command_line_in_a_process_of_its_own(monkeypatch, tmp_path):
    commands = []

    def run(command, *, check):
        commands.append(command)
        return subprocess.CompletedProcess(command, 4 if not check else 0)

    monkeypatch.setattr(scheduler.subprocess, "run", run)
    assert scheduler.run_source(tmp_path, "musterstadt") == 4
    assert commands == [[sys.executable, "-m", "harvester", "-w", str(tmp_path), "run", "musterstadt"]]


def test_importing_the_scheduler_loads_no_scrapy():
    script = "import scheduler, sys; sys.exit('scrapy' in sys.modules or 'twisted' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], check=False, cwd=Path(scheduler.__file__).parent).returncode == 0
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_cleanly_and_problems_were_told(tmp_path, number):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "broken.yml").write_text("id: [", encoding="utf-8")
    command = [sys.executable, scheduler.__file__, "-w", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as service:
        assert service.stderr is not None
        assert "sources/broken.yml:1" in service.stderr.readline()
        assert "0 sources" in service.stderr.readline()
        service.send_signal(number)
        assert service.wait(20) == 0
