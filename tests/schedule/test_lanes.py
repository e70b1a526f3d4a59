"""Commands that run at once, by where their sources are asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from harvester.schedule.due import Due
from harvester.schedule.lanes import Lanes
from tests.build import source

SLOT = datetime(2026, 11, 29, 3, tzinfo=UTC)
PLACES = {"a": {"one"}, "b": {"one", "two"}, "c": {"three"}, "d": {"two", "three"}, "e": {"four"}, "unknown": None}


@dataclass
class Started:
    """Commands that only pretend."""

    commands: list[list[str]] = field(default_factory=list)
    ended: set[int] = field(default_factory=set)

    def __call__(self, arguments):
        self.commands.append(list(arguments[3:]))
        return Command(self, len(self.commands) - 1)


@dataclass
class Command:
    started: Started
    number: int

    def poll(self):
        return 0 if self.number in self.started.ended else None


@pytest.fixture
def started():
    return Started()


def lanes_of(started, most=3, batch=10):
    def places(one):
        found = PLACES[one.id]
        return None if found is None else frozenset(found)

    return Lanes(started, most, batch, places)


def due(name, *, stuck=False):
    return Due(source(name), SLOT, stuck=stuck)


def test_two_names_of_one_address_are_asked_by_one_command(started):
    lanes_of(started).begin([due("a"), due("c"), due("b")])
    assert started.commands == [["a", "b"], ["c"]]


def test_nobody_comes_to_an_address_where_a_command_is(started):
    lanes = lanes_of(started)
    lanes.begin([due("a")])
    assert lanes.begin([due("b")]) == []
    assert [one.source.id for one in lanes.begin([due("c")])] == ["c"]
    started.ended.add(0)
    lanes.reap()
    lanes.begin([due("b")])
    assert started.commands == [["a"], ["c"], ["b"]]


def test_a_source_that_would_have_to_be_in_two_commands_waits(started):
    lanes = lanes_of(started)
    lanes.begin([due("b"), due("c"), due("d")])
    assert started.commands == [["b"], ["c"]]
    started.ended.update((0, 1))
    lanes.reap()
    assert [one.source.id for one in lanes.begin([due("d")])] == ["d"]


def test_a_source_whose_name_is_being_looked_up_holds_up_nobody(started):
    lanes_of(started).begin([due("unknown"), due("a")])
    assert started.commands == [["a"]]


def test_one_that_was_stuck_is_alone_and_at_nobodys_place(started):
    lanes_of(started).begin([due("a"), due("e", stuck=True), due("b", stuck=True)])
    assert started.commands == [["a"], ["e"]]
