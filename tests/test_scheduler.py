"""The service as a process: it harvests, obeys signals, hands back, and shares a workspace with others."""

import json
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

import scheduler
from harvester.registry import Source
from harvester.run.run import utc_now
from harvester.schedule.child import start_in
from harvester.schedule.serve import once
from harvester.schedule.slots import spread
from harvester.state import open_state
from harvester.state.lease import all_leases
from tests.one_address import INTERVAL, gaps_between_requests
from tests.safety.town import ROOT, Town, dribble, kill_group, titles, town_at

IDS = st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,3}", fullmatch=True)


def source(source_id="musterstadt", schedule="0 3 * * *"):
    return Source(
        id=source_id,
        title=source_id,
        level="kommune",
        region="055130000000",
        interface="dldb",
        endpoint="https://example.org/",
        publisher={"name": "x"},
        schedule=schedule,
    )


@given(IDS)
def test_minute_0_is_spread_within_the_hour_and_the_rest_of_the_line_stays(source_id):
    minute, rest = spread(source(source_id, "0 3 * * 1-5")).split(maxsplit=1)
    assert 0 <= int(minute) <= 59
    assert rest == "3 * * 1-5"


def test_the_spread_is_stable():
    """A changed hash would move every source of every installation."""
    assert spread(source("pvog-nw-gelsenkirchen")) == "11 3 * * *"
    assert spread(source("dldb-berlin")) == "23 3 * * *"


def test_many_sources_fill_the_hour():
    minutes = [spread(source(f"kommune-{n}")).split()[0] for n in range(600)]
    assert len(set(minutes)) == 60
    assert max(map(minutes.count, minutes)) < 30


@pytest.mark.parametrize("schedule", ["30 3 * * *", "00 3 * * *", "*/15 * * * *", "5,35 * * * *"])
def test_a_stated_minute_stays(schedule):
    assert spread(source(schedule=schedule)) == schedule


def test_importing_the_scheduler_loads_no_scrapy():
    script = "import scheduler, sys; sys.exit('scrapy' in sys.modules or 'twisted.internet' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], check=False, cwd=Path(scheduler.__file__).parent).returncode == 0
    )


# As processes


@pytest.fixture
def town(tmp_path):
    with town_at(tmp_path / "workspace") as made:
        made.configure(run={"workers": 2}, schedule={"links": 0})
        yield made


def runs(town: Town) -> dict[str, list[tuple[str, int]]]:
    """Verdicts of all runs by source, and whether they were interrupted."""
    found: dict[str, list[tuple[str, int]]] = {}
    with closing(open_state(town.workspace.state_file)) as state:
        for row in state.conn.execute("SELECT source_id, verdict, interrupted FROM run ORDER BY id"):
            found.setdefault(row[0], []).append((row[1], row[2]))
    return found


def leases(town: Town) -> list[str]:
    with closing(open_state(town.workspace.state_file)) as state:
        return [lease.name for lease in all_leases(state.conn)]


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.1)


@pytest.mark.slow
def test_once_harvests_what_is_due_at_that_time_and_nothing_twice(town):
    town.add("a", titles("a", 3))
    town.add("b", titles("b", 3))
    times = ("2027-01-11T05:00", "2027-01-11T06:00", "2027-01-12T05:00")
    found = []
    for at in times:
        process = town.start("schedule", "--once", "--at", at)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out) == (0, b""), err
        assert all(json.loads(line)["event"] for line in err.decode().splitlines() if line.startswith("{"))
        found.append({name: len(done) for name, done in runs(town).items()})
    assert found == [{"a": 1, "b": 1}, {"a": 1, "b": 1}, {"a": 2, "b": 2}]
    assert town.published == town.held


@pytest.mark.slow
def test_two_commands_keep_a_hosts_budget_whichever_name_it_is_asked_by(tmp_path, httpserver):
    def harvest(workspace):
        once(scheduler.Scheduler(workspace, utc_now, start_in(workspace.root)))
        with closing(open_state(workspace.state_file)) as state:
            return state.execute("SELECT count(*) FROM run WHERE ended_at IS NOT NULL").fetchone()[0]

    settings = "[schedule]\nlanes = 2\nlinks = 0\n[run]\nworkers = 0\n"
    gaps = gaps_between_requests(tmp_path, httpserver, settings, harvest)
    assert min(gaps) > INTERVAL * 0.9, gaps


@pytest.mark.slow
def test_two_schedulers_and_a_cron_run_harvest_no_source_twice(town):
    for n in range(6):
        town.add(f"town-{n}", titles(f"town-{n}", 4))
    schedulers = [town.start("schedule"), town.start("schedule")]
    cron = town.start("run", "--due")
    try:
        wait_for(lambda: len(runs(town)) == 6 and all(done[0][0] for done in runs(town).values()))
        told = cron.communicate(timeout=120)
        assert cron.returncode == 0, told
        for process in schedulers:
            process.send_signal(signal.SIGTERM)
        logs = [process.communicate(timeout=90)[1].decode() for process in schedulers]
        assert [process.returncode for process in schedulers] == [0, 0], logs
    finally:
        for process in (*schedulers, cron):
            kill_group(process)
    assert runs(town) == {f"town-{n}": [("complete", 0)] for n in range(6)}
    assert not [line for log in logs for line in log.splitlines() if '"error"' in line or "Traceback" in line]
    assert town.published == town.held
    assert leases(town) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_hands_back_what_does_not_finish_in_time(town, number):
    town.configure(schedule={"links": 0, "stop": 0.5})
    town.add("slow", titles("slow", 3))
    town.instead["slow"] = dribble
    service = town.start("schedule")
    try:
        assert town.somebody_asked.wait(60)
        service.send_signal(number)
        _, err = service.communicate(timeout=60)
        assert service.returncode == 0, err
    finally:
        kill_group(service)
    assert runs(town) == {"slow": [("failed", 1)]}
    assert leases(town) == []


@pytest.mark.slow
def test_a_stop_lets_finish_what_can(town):
    town.add("a", titles("a", 3))
    go_on = []

    def slowly(handler, body):
        town.somebody_asked.set()
        while not go_on:
            time.sleep(0.05)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    town.send = slowly
    service = town.start("schedule")
    try:
        assert town.somebody_asked.wait(60)
        service.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        go_on.append(True)
        _, err = service.communicate(timeout=60)
        assert service.returncode == 0, err
    finally:
        kill_group(service)
    assert runs(town) == {"a": [("complete", 0)]}
    assert town.published == town.held


@pytest.mark.slow
def test_links_are_checked_while_nothing_is_due_and_a_watch_hears_that_the_scheduler_lives(town):
    """With the real commands: what `links check --due` finds is published, and the watch's address is asked."""
    town.add("a", titles("a", 2))
    watch = "http://{}:{}".format(*town.servers["a"].server_address[:2])
    page = b"<!doctype html><title>Hund anmelden</title><h1>Hund anmelden</h1>" + b"Text. " * 50
    town.pages = {"/da": page, "/lebt": b"ok"}
    data = [
        {"id": f"a-{n}", "name": f"Leistung {n}", "onlineprocessing": {"description": "Antrag", "link": f"{watch}/{n}"}}
        for n in ("da", "weg")
    ]
    town.instead["a"] = json.dumps({"datacount": 2, "data": data}).encode()
    town.configure(schedule={"links": 5, "heartbeat": f"{watch}/lebt"}, links={"canaries": []})
    log = town.root / "log"
    with log.open("wb") as out:
        service = town.start("schedule", stderr=out)
    try:
        wait_for(lambda: "links checked" in log.read_text("utf-8") and "/lebt" in town.asked)
        service.send_signal(signal.SIGTERM)
        assert service.wait(60) == 0, log.read_text("utf-8")
    finally:
        kill_group(service)
    found = town.ask("SELECT url LIKE '%/da', state, code FROM link ORDER BY 1 DESC")
    assert found == [(1, "ok", "ok"), (0, "suspect", "http-404")]
    told = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    assert [line["exit"] for line in told if line["event"] == "links checked"] == [0]
    assert [line for line in told if line["event"] == "no heartbeat"] == []
    assert leases(town) == []


def test_problems_of_the_registry_are_told_and_python_scheduler_py_works(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "broken.yml").write_text("id: [", encoding="utf-8")
    command = [sys.executable, scheduler.__file__, "-w", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as service:
        assert service.stderr is not None
        first, second = json.loads(service.stderr.readline()), json.loads(service.stderr.readline())
        assert "sources/broken.yml:1" in first["told"]
        assert (second["event"], second["sources"]) == ("planned", 0)
        service.send_signal(signal.SIGTERM)
        assert service.wait(20) == 0


def test_the_time_goes_with_once_only(tmp_path, capsys):
    assert scheduler.main(["-w", str(tmp_path), "--at", "2027-01-01"]) == 2
    assert "--once" in capsys.readouterr().err
    structlog.reset_defaults()
