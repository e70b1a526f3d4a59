"""The change feed: what happened to services between two published catalogues."""

import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest

from harvester.catalogue.publish import publish
from harvester.catalogue.refresh import refresh_catalogue
from harvester.catalogue.rollback import roll_back
from tests.build import GELSENKIRCHEN, HERTEN, START, A, Bench, document, service, source

CITY = source()
LIST = "https://stadt.example/list"
FEED = "SELECT kind, field, old, new FROM event ORDER BY seq"


@pytest.fixture
def first(bench: Bench) -> Bench:
    old = service("2", "Abmelden", keys=[A], texts={"fees": "5 Euro"}, links=["https://alt.example"])
    bench.run(CITY, document(LIST, service("1", "Anmelden"), old))
    bench.build()
    return bench


def test_created_changed_and_removed_with_field_old_and_new(first: Bench):
    new = service("2", "Abmelden", keys=[A], texts={"fees": "6 Euro"}, links=["https://neu.example"])
    first.run(CITY, document(LIST, new, service("3", "Ummelden")))
    first.build()
    assert first.ask(FEED)[2:] == [
        ("removed", "", "Anmelden", None),
        ("created", "", None, "Ummelden"),
        ("changed", "links/apply", "https://alt.example", "https://neu.example"),
        ("changed", "texts/fees/de", "5 Euro", "6 Euro"),
    ]


def test_the_sequence_only_grows_whatever_is_built(first: Bench):
    seen = [first.ask("SELECT seq, kind, entity_id FROM event ORDER BY seq")]
    for title in ("Anmelden", "Neu", "Neu", "Anders"):
        first.run(CITY, document(LIST, service("1", title)))
        first.build()
        seen.append(first.ask("SELECT seq, kind, entity_id FROM event ORDER BY seq"))
    for before, after in pairwise(seen):
        assert after[: len(before)] == before
    assert [row[0] for row in seen[-1]] == list(range(1, len(seen[-1]) + 1))


def test_a_new_date_of_change_is_no_event(first: Bench):
    before = first.ask(FEED)
    first.run(CITY, document(LIST, service("1", "Anmelden", modified_at=START), _second(first)))
    assert first.build().rebuilt
    assert first.ask(FEED) == before
    assert ("2025-01-01T00:00:00+00:00",) in first.ask("SELECT source_modified_at FROM service")


def _second(_):
    return service("2", "Abmelden", keys=[A], texts={"fees": "5 Euro"}, links=["https://alt.example"])


def test_another_source_that_speaks_first_now_is_a_change(first: Bench):
    other = source("andere")
    told = {"keys": [A], "texts": {"fees": "5 Euro"}, "links": ["https://alt.example"]}
    first.run(other, document("https://andere.example", service("x", "Fortziehen", modified_at=START, **told)))
    first.build()
    assert first.ask(FEED)[-1] == ("changed", "title", "Abmelden", "Fortziehen")


def test_of_a_process_that_dies_before_the_swap_nothing_stays(first: Bench, monkeypatch):
    feed, first_events = first.ask(FEED), first.rows("SELECT * FROM event")
    first.run(CITY, document(LIST, service("1", "Neu")))
    with monkeypatch.context() as patch:
        patch.setattr("harvester.catalogue.refresh.publish", _die)
        with pytest.raises(KeyboardInterrupt):
            first.build()
    assert (first.ask(FEED), first.rows("SELECT * FROM event")) == (feed, first_events)
    first.build()
    told = [row[0] for row in first.ask(FEED)]
    # "Anmelden" named a Leistung and so its life situation, "Neu" names none.
    assert told == ["created", "created", "removed", "changed", "recategorised"]


def test_a_process_that_dies_after_the_swap_loses_and_doubles_nothing(first: Bench, monkeypatch):
    first.run(CITY, document(LIST, service("1", "Neu"), service("9", "Neunte")))

    def publish_and_die(*arguments, **named):
        publish(*arguments, **named)
        _die()

    with monkeypatch.context() as patch:
        patch.setattr("harvester.catalogue.refresh.publish", publish_and_die)
        with pytest.raises(KeyboardInterrupt):
            first.build()
    feed, ids = first.ask(FEED), first.ask("SELECT id, slug FROM service ORDER BY 1")
    first.build()
    assert (first.ask(FEED), first.ask("SELECT id, slug FROM service ORDER BY 1")) == (feed, ids)
    assert first.rows("SELECT kind, field, old, new FROM event ORDER BY seq") == feed
    assert {row[0] for row in first.rows("SELECT DISTINCT service_id FROM identity")} >= {name for name, _ in ids}


def _die(*_, **__):
    raise KeyboardInterrupt


def test_a_state_that_was_lost_takes_events_and_identifiers_from_the_catalogue(first: Bench, tmp_path):
    feed, ids = first.ask(FEED), first.ask("SELECT id FROM service ORDER BY 1")
    again = Bench(tmp_path / "neu")
    again.run(CITY, document(LIST, service("1", "Anmelden"), _second(again)))
    first.catalogue.rename(again.catalogue)
    again.build()
    assert (again.ask(FEED), again.ask("SELECT id FROM service ORDER BY 1")) == (feed, ids)
    again.state.close()


def test_a_catalogue_that_was_lost_is_no_reason_to_create_everything_again(first: Bench):
    feed = first.ask(FEED)
    first.catalogue.unlink()
    first.run(CITY, document(LIST, service("1", "Anmelden"), service("3", "Ummelden")))
    first.build()
    assert first.ask(FEED) == [*feed, ("removed", "", "Abmelden", None), ("created", "", None, "Ummelden")]


def test_an_empty_workspace_has_an_empty_feed(bench: Bench):
    refresh_catalogue(
        bench.state, bench.root / "state.db", {}, bench.catalogue, bench.builds, keep=1, max_drop=1, at=START
    )
    assert bench.ask("SELECT count(*) FROM event") == [(0,)]


def test_an_event_tells_where_the_service_held_also_when_it_is_gone(first: Bench):
    first.run(CITY, document(LIST, service("1", "Anmelden", regions=[HERTEN])))
    first.build()
    told = first.ask("SELECT kind, field, regions FROM event WHERE seq > 2 ORDER BY seq")
    assert told == [
        ("removed", "", GELSENKIRCHEN),
        ("changed", "regions", f"{GELSENKIRCHEN} {HERTEN}"),
    ]


def test_a_catalogue_of_a_version_without_regions_in_its_events_is_followed_and_gone_back_to(first: Bench):
    with closing(sqlite3.connect(first.catalogue)) as db:
        db.execute("ALTER TABLE event DROP COLUMN regions")
    first.state.conn.execute("DELETE FROM event")
    first.state.conn.execute("DELETE FROM build")
    first.run(CITY, document(LIST, service("1", "Anmelden")))
    first.build()
    assert [row[0] for row in first.ask("SELECT kind FROM event ORDER BY seq")] == ["created", "created", "removed"]
    first.day += 1
    roll_back(first.state, first.catalogue, first.builds, None, keep=7, at=first.now)
    assert first.ask("SELECT kind, regions FROM event WHERE seq = 4") == [("created", GELSENKIRCHEN)]
