"""Commands of one workspace keep out of each other's way at hosts, whoever began them."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections import deque
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from harvester.fetch import PolitenessSettings
from harvester.run.claims import Claims
from harvester.run.hosts import Hosts, hosts_of
from harvester.run.progress import Progress, Stage
from harvester.state import open_state
from harvester.state.lease import Owner, all_leases, give_back, take, take_all
from harvester.workspace import Workspace
from tests.build import source
from tests.hand_clock import HandClock
from tests.one_address import INTERVAL, gaps_between_requests

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ADDRESSES = {"a.example": ["192.0.2.1"], "b.example": ["192.0.2.1"], "c.example": ["192.0.2.3"]}
OTHER = Owner("another-machine", 17, 1.0)


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def state(tmp_path):
    with closing(open_state(tmp_path / "state.db")) as db:
        yield db.conn


@pytest.fixture
def told():
    return []


@pytest.fixture
def hosts(state, clock, told):
    file = Path(state.execute("PRAGMA database_list").fetchone()["file"])
    with (
        Claims(file, lambda: NOW) as claims,
        Hosts(PolitenessSettings(interval=1), lambda host: ADDRESSES.get(host, []), clock, claims, told.append) as made,
    ):
        yield made


def pick(hosts, *names):
    """Pick as soon as all names were looked up."""
    while not all(hosts.knows(source(name)) for name in names):
        threading.Event().wait(0.001)
    return [one.id for one in hosts.pick(deque(map(source, names)), len(names))]


def held(state):
    return [lease.name for lease in all_leases(state)]


def test_a_host_is_claimed_by_domain_and_address_until_it_had_its_rest(hosts, state, clock):
    assert pick(hosts, "a") == ["a"]
    assert held(state) == ["host:address 192.0.2.1", "host:domain a.example"]
    hosts.leave(source("a"))
    assert pick(hosts, "c") == ["c"]
    assert len(held(state)) == 4
    clock.now += 1.1
    assert hosts.pick(deque(), 0) == []
    assert held(state) == ["host:address 192.0.2.3", "host:domain c.example"]


def test_where_another_command_is_a_source_waits_and_others_do_not(hosts, state, clock, told):
    take_all(state, {"host:address 192.0.2.1", "host:domain a.example"}, OTHER, NOW)
    with structlog.testing.capture_logs() as logged:
        assert pick(hosts, "b", "c") == ["c"]
        clock.now += 1
        assert pick(hosts, "b") == []
    assert [(line["event"], line["source"]) for line in logged] == [("waits for another command at its host", "b")]
    assert told == [Progress("b", Stage.HOST_BUSY)]
    for name in ("host:address 192.0.2.1", "host:domain a.example"):
        give_back(state, name, OTHER)
    clock.now += 1
    assert pick(hosts, "b") == ["b"]


def test_who_comes_first_between_a_look_and_a_claim_has_the_host(hosts, state):
    assert pick(hosts, "c") == ["c"]  # looks around
    take(state, "host:address 192.0.2.1", OTHER, NOW)
    assert pick(hosts, "b") == []
    assert "host:domain b.example" not in held(state)  # all or none


def test_a_source_that_another_command_is_at_goes_on_for_its_lease_tells_so_at_once(hosts, state):
    take_all(state, {"source:a", "host:domain a.example", "host:address 192.0.2.1"}, OTHER, NOW)
    assert pick(hosts, "a", "b") == ["a"]
    hosts.leave(source("a"))
    assert len(held(state)) == 3


def test_claims_of_a_process_that_is_gone_keep_nobody_away(hosts, state):
    gone = Owner(Owner.this().host, Owner.this().pid, 1.0)
    take_all(state, {"host:domain a.example"}, gone, NOW)
    assert pick(hosts, "a") == ["a"]


def test_while_somebody_writes_for_long_nothing_is_claimed_and_nothing_breaks(hosts, state):
    state.execute("BEGIN IMMEDIATE")
    assert pick(hosts, "a") == []
    state.execute("COMMIT")
    assert pick(hosts, "a") == ["a"]


def test_what_cannot_be_given_back_at_the_end_is_no_second_fault(state, monkeypatch):
    def full(*_):
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    file = Path(state.execute("PRAGMA database_list").fetchone()["file"])
    with Claims(file, lambda: NOW) as claims:
        assert claims.take({"host:domain a.example"})
        monkeypatch.setattr("harvester.run.claims.give_all_back", full)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            claims.give_back({"host:domain a.example"})
    assert held(state) == ["host:domain a.example"]


def test_all_claims_are_given_back_at_the_end_and_with_politeness_off_there_are_none(tmp_path, state):
    workspace = Workspace(tmp_path)
    for interval, expected in ((1, ["host:domain a.invalid"]), (0, [])):
        workspace.config_file.write_text(f"[politeness]\ninterval = {interval}\n")
        one = source("a").model_copy(update={"endpoint": "https://a.invalid/"})
        with hosts_of(Workspace(tmp_path), lambda: NOW) as hosts:
            while not hosts.pick(deque([one]), 1):
                threading.Event().wait(0.01)
            assert held(state) == expected
        assert held(state) == []


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
def test_two_commands_keep_a_hosts_budget_whichever_name_it_is_asked_by(tmp_path, httpserver, workers):
    def harvest(workspace):
        """Both begin at once, each with the sources under one of the names."""
        call = [sys.executable, "-m", "harvester", "-w", str(workspace.root), "--json", "run", "--no-links"]
        commands = [
            subprocess.Popen([*call, f"stadt-{n}", f"stadt-{n + 2}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for n in (0, 1)
        ]
        told = [command.communicate(timeout=120) for command in commands]
        return sum(len(json.loads(out)["sources"]) for out, _ in told)

    gaps = gaps_between_requests(tmp_path, httpserver, f"[run]\nworkers = {workers}\n", harvest)
    # but for the one between the end of a command and the other's next source
    assert sorted(gaps)[1] > INTERVAL * 0.9, gaps
