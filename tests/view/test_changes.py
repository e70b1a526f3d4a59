"""What happened since."""

import pytest

from harvester.errors import UsageError
from harvester.view.changes import events_since, read_since
from harvester.view.service import UnknownServiceError, WithdrawnServiceError, find_service
from tests.build import GELSENKIRCHEN, HERTEN


def told(db, since, **more):
    return [(event.kind, event.title, event.field) for event in events_since(db, since, **more)]


_SECOND = [("removed", "Feuerwerk anzeigen", ""), ("changed", "Wohnung anmelden", "texts/fees/de")]


def test_the_feed_goes_on_after_the_number_the_reader_knows(db):
    last = max(event.seq for event in events_since(db, 0))
    assert told(db, last - 2) == _SECOND
    assert told(db, last) == []


def test_a_region_learns_of_its_own_services_and_of_those_above_it_also_when_they_are_gone(db):
    assert [row for row in told(db, 0, ars=GELSENKIRCHEN) if row[0] != "created"] == _SECOND
    titles = {title for _, title, _ in told(db, 0, ars=HERTEN)}
    assert titles == {"Wohnsitz anmelden", "Bauantrag stellen", "Hund anmelden"}


def test_a_situation_learns_of_the_services_in_it_and_below_it(db):
    for situation in ("pvlagen:1050200", "pvlagen:1050000", "pvlagen:1000000"):
        assert {title for _, title, _ in told(db, 0, situation=situation)} >= {"Wohnsitz anmelden"}
    assert told(db, 0, situation="pvlagen:1010000") == []


def test_the_newest_come_first_when_only_some_are_wanted(db):
    assert told(db, 0, newest=2) == _SECOND[::-1]


def test_a_text_event_names_its_module(db):
    assert [event.module for event in events_since(db, 0)][-2:] == [None, "fees"]


def test_since_is_a_number_a_day_or_a_time(db):
    last = read_since(db, "2099-01-01")
    assert told(db, last - 2) == _SECOND
    (second,) = {event.at for event in events_since(db, last - 2)}
    assert read_since(db, second) == last - 2
    assert read_since(db, second.replace("T00:00:00+00:00", "T01:00:00+01:00")) == last - 2
    assert read_since(db, "1999-12-31") == 0
    assert read_since(db, str(last)) == last


@pytest.mark.parametrize("since", ["yesterday", "-1", "10000", "²", "9" * 30, ""])
def test_what_is_no_event_and_no_time_is_an_error(db, since):
    with pytest.raises(UsageError, match=r"neither the number|no event"):
        read_since(db, since)


def test_a_withdrawn_service_is_told_from_one_that_never_was(db):
    gone = next(event for event in events_since(db, 0) if event.kind == "removed")
    for name in (gone.entity_id, f"feuerwerk-anzeigen-{gone.entity_id[1:]}"):
        with pytest.raises(
            WithdrawnServiceError, match=r"„Feuerwerk anzeigen“ was withdrawn on 2025-01-\d\d \(event \d+\)"
        ):
            find_service(db, name)
    with pytest.raises(UnknownServiceError):
        find_service(db, "snobody")
