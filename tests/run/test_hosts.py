"""Sources that are asked at one host take turns, whichever process gathers them."""

import threading
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.fetch import PolitenessSettings
from harvester.run.hosts import Hosts
from harvester.schedule.places import system_addresses
from tests.build import source
from tests.hand_clock import HandClock
from tests.one_address import INTERVAL, gaps_between_requests

ADDRESSES = {"a.example": ["192.0.2.1"], "b.example": ["192.0.2.1", "192.0.2.2"], "c.example": ["192.0.2.3"]}


@pytest.fixture
def clock():
    return HandClock()


def hosts_of(clock, interval=1.0, look_up=lambda host: ADDRESSES.get(host, [])):
    return Hosts(PolitenessSettings(interval=interval), look_up, clock)


def enter(hosts, one):
    """Enter as soon as the name was looked up."""
    while not hosts.knows(one):
        threading.Event().wait(0.001)
    return hosts.enter(one)


def paced(name, rate):
    return source(name).model_copy(
        update={"politeness": source(name).politeness.model_validate({"requests_per_second": rate})}
    )


def test_two_names_of_one_address_take_turns(clock):
    with hosts_of(clock) as hosts:
        assert enter(hosts, source("a"))
        assert not enter(hosts, source("b"))
        assert enter(hosts, source("c"))


def test_a_host_has_its_rest_before_the_next_one_comes(clock):
    with hosts_of(clock) as hosts:
        assert enter(hosts, source("a"))
        hosts.leave(source("a"), rest=5)
        clock.now += 4.9
        assert not enter(hosts, source("b"))
        clock.now += 0.2
        assert enter(hosts, source("b"))


@pytest.mark.parametrize(("one", "pause"), [(source("a"), 1.0), (paced("a", 0.5), 2.0), (paced("a", 4), 0.25)])
def test_the_rest_is_the_sources_own_pace_or_the_workspaces(clock, one, pause):
    with hosts_of(clock) as hosts:
        assert enter(hosts, one)
        hosts.leave(one)
        clock.now += pause - 0.01
        assert not enter(hosts, one)
        clock.now += 0.02
        assert enter(hosts, one)


def test_where_politeness_is_off_names_are_not_looked_up(clock):
    def asked(host):
        raise AssertionError(host)

    with hosts_of(clock, interval=0, look_up=asked) as hosts:
        assert hosts.enter(source("a"))
        assert hosts.enter(source("b"))


def test_a_slow_name_service_holds_up_its_own_source_only(clock):
    answer = threading.Event()

    def look_up(host):
        if host == "a.example":
            answer.wait(30)
        return ADDRESSES[host]

    with hosts_of(clock, look_up=look_up) as hosts:
        assert not hosts.enter(source("a"))
        assert enter(hosts, source("c"))
        answer.set()
        assert enter(hosts, source("a"))


def test_a_name_without_address_is_at_nobodys_host(clock):
    with hosts_of(clock) as hosts:
        assert enter(hosts, source("d"))
        assert enter(hosts, source("e"))
    assert system_addresses("gibt-es-nicht.invalid") == frozenset()


@given(st.lists(st.sampled_from("abcd"), unique=True), st.integers(0, 4))
def test_those_who_wait_keep_their_order(names, most):
    with hosts_of(HandClock()) as hosts:
        waiting = deque(source(name) for name in names)
        while not all(hosts.knows(one) for one in waiting):
            threading.Event().wait(0.001)
        picked = [one.id for one in hosts.pick(waiting, most)]
    left = [one.id for one in waiting]
    assert len(picked) <= most
    assert left == [name for name in names if name not in picked]
    assert picked == [name for name in names if name in picked]
    assert {"a", "b"} - set(picked)
    if len(picked) < most:
        assert set(left) <= {"a", "b"}


@pytest.mark.slow
def test_two_processes_keep_a_hosts_budget_whichever_name_it_is_asked_by(tmp_path, httpserver):
    gaps = gaps_between_requests(tmp_path, httpserver, "[run]\nworkers = 2\n")
    assert min(gaps) > INTERVAL * 0.9, gaps
