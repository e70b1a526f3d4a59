"""Where a source is asked."""

import threading
from itertools import count

import pytest

from harvester.fetch.settings import PolitenessSettings
from harvester.schedule.places import Places, by_domain
from tests.build import source
from tests.hand_clock import HandClock


@pytest.fixture
def clock():
    return HandClock(0)


def known(places, one):
    """The places as soon as the name was looked up."""
    while (found := places(one)) is None:
        threading.Event().wait(0.001)
    return found


def test_a_place_is_the_domain_and_each_address(clock):
    with Places(PolitenessSettings(), lambda _: ["192.0.2.1", "2001:db8::1"], clock) as places:
        found = known(places, source("a"))
    assert found == {"domain a.example", "address 192.0.2.1", "address 2001:db8::1"}


def test_a_name_is_looked_up_again_after_an_hour_and_until_then_not(clock):
    numbers, looking = count(1), threading.Event()
    looking.set()

    def look_up(_host):
        looking.wait(30)
        return [f"192.0.2.{next(numbers)}"]

    with Places(PolitenessSettings(), look_up, clock) as places:
        first = known(places, source("a"))
        clock.now = 3_000
        assert known(places, source("a")) == first
        looking.clear()
        clock.now = 3_700
        assert places(source("a")) == first  # asked for again
        assert places(source("a")) == first  # not answered yet
        looking.set()
        while places(source("a")) == first:
            threading.Event().wait(0.001)
        assert known(places, source("a")) == {"domain a.example", "address 192.0.2.2"}


def test_with_politeness_off_nothing_is_looked_up(clock):
    def look_up(host):
        raise AssertionError(host)

    with Places(PolitenessSettings(interval=0), look_up, clock) as places:
        assert places(source("a")) == by_domain(source("a")) == {"domain a.example"}
