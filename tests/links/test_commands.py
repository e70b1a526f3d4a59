"""The verbs over a workspace: check what the catalogue names, and write what came of it into the next one."""

import sqlite3
from contextlib import closing
from importlib.resources import files
from ipaddress import IPv4Network

import pytest

from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.links.commands import catalogue_texts, check_due, confirm, make_setup, say, write_states
from harvester.links.prune import prune_observations
from harvester.links.settings import LinkSettings
from harvester.links.store import Selection
from tests.links.bench import Desk, FakeTime, run
from tests.links.script import Script

DEAD, FINE, TEMPLATE = "http://127.0.0.1:9/weg", "http://127.0.0.1:9/da#oben", "https://portal.example/{serviceId}"


@pytest.fixture
def catalogue(tmp_path):
    """The `link` table of a catalogue, as the catalogue's own schema makes it."""
    schema = files("harvester.catalogue").joinpath("schema.sql").read_text(encoding="utf-8")
    start = schema.index("CREATE TABLE link (")
    file = tmp_path / "catalogue.db"
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(schema[start : schema.index(");", start) + 1])
        db.executemany(
            "INSERT INTO link (id, url, host, state) VALUES (?, ?, '', 'unchecked')",
            [(str(n), url) for n, url in enumerate((DEAD, FINE, TEMPLATE))],
        )
    return file


def desk(catalogue) -> Desk:
    time = FakeTime()
    at = Desk(Script(time.clock), time)
    at.probe.pages[DEAD] = 404
    at.add(*catalogue_texts(catalogue))
    return at


def test_the_catalogue_gets_state_and_outcome_of_every_address_it_names(catalogue):
    at = desk(catalogue)
    for _ in range(2):
        run(at.check(Selection(due=False)))
        at.time.wait(hours=30)
    with closing(sqlite3.connect(catalogue)) as db:
        assert write_states(at.conn, db) == 3
        told = {row[0]: row[1:] for row in db.execute("SELECT url, state, outcome, http_status, failures FROM link")}
    assert told == {
        DEAD: ("dead", "gone", 404, 2),
        FINE: ("ok", "ok", 200, 0),
        TEMPLATE: ("unchecked", "unchecked", None, 0),
    }


def test_a_suggestion_stands_beside_the_link_it_is_for(catalogue):
    at = desk(catalogue)
    for _ in range(2):
        run(at.check(Selection(due=False)))
        at.time.wait(hours=30)
    with closing(sqlite3.connect(catalogue)) as db:
        write_states(at.conn, db, lambda _: [("https://kreis.example/", "Kreis")])
        assert db.execute("SELECT url, suggestion FROM link WHERE suggestion IS NOT NULL").fetchall() == [
            (DEAD, "https://kreis.example/")
        ]


def test_what_nobody_names_any_more_rests_and_what_is_asked_for_is_made_known(tmp_path):
    at = Desk(Script(FakeTime().clock))
    fetch = FetchSettings(allow_addresses=(IPv4Network("127.0.0.0/8"),), timeout=0.2)
    links = LinkSettings(canaries=())
    setup = make_setup(fetch, PolitenessSettings(interval=0), links, tmp_path, at.time.clock)
    first = check_due(at.conn, setup, known=[DEAD])
    assert (first.selected, first.outcomes) == (1, {"host_down": 1})
    at.time.wait(hours=2)
    assert check_due(at.conn, setup, known=[TEMPLATE]).selected == 0
    asked = check_due(at.conn, setup, selection=Selection(texts=("http://127.0.0.1:9/neu",)))
    assert asked.checked == 1
    assert say(asked).startswith("1 of 1 links checked")


def test_a_word_is_alive_or_dead(catalogue):
    at = desk(catalogue)
    run(at.check())
    assert confirm(at.conn, FINE, "dead", at.time.now())["state"] == "dead"
    with pytest.raises(ValueError, match="perhaps"):
        confirm(at.conn, FINE, "perhaps", at.time.now())


def test_old_observations_are_thrown_away_and_newer_ones_stay(catalogue):
    at = desk(catalogue)
    run(at.check())
    at.time.wait(days=399)
    run(at.check())
    at.time.wait(days=2)
    prune_observations(at.conn, at.time.now())
    days = at.conn.execute("SELECT DISTINCT date(at) FROM link_observation").fetchall()
    assert [row[0] for row in days] == ["2027-12-27"]
