"""What the catalogue says of links, and what it offers instead of a dead one."""

from datetime import timedelta

import pytest

from harvester.catalogue.rollback import roll_back
from harvester.links.store import add_links
from harvester.model import Link, LinkRole
from tests.build import GELSENKIRCHEN, NRW, A, Bench, document, service, source

CITY, LAND = source("stadt"), source("nrw", level="land", region=NRW)
APPLY, FORM, INFO = "https://stadt.example/antrag", "https://stadt.example/formular.pdf", "https://stadt.example/info"
ABOVE = "https://nrw.example/antrag"


def link(url: str, role: str) -> Link:
    return Link(url=url, role=LinkRole(role), label=role)


def told(bench: Bench, url: str, state: str, outcome: str = "", code: str = "") -> None:
    """What the checker has found out."""
    add_links(bench.state.conn, [url], bench.now)
    bench.state.conn.execute(
        "UPDATE link SET state = ?, outcome = ?, code = ?, since = ?, checked_at = ?, ok_at = iif(? = 'ok', ?, ok_at)"
        " WHERE id = (SELECT link_id FROM link_text WHERE text = ?)",
        (state, outcome or state, code, *[bench.now.isoformat()] * 2, state, bench.now.isoformat(), url),
    )


@pytest.fixture
def city(bench: Bench) -> Bench:
    """A service with three links, and the same service at the Land with one; all of them alive."""
    own = [link(APPLY, "apply"), link(FORM, "form"), link(INFO, "information")]
    bench.run(CITY, document("https://stadt.example/list", service("1", keys=[A], regions=[GELSENKIRCHEN], links=own)))
    bench.run(LAND, document("https://nrw.example/list", service("9", keys=[A], regions=[NRW], links=[ABOVE])))
    for url in (APPLY, FORM, INFO, ABOVE):
        told(bench, url, "ok")
    bench.build()
    return bench


def buttons(bench: Bench) -> dict[str, tuple]:
    query = "SELECT stated_url, url, is_substitute, substitute_reason FROM v_service_link"
    return {row[0]: row[1:] for row in bench.ask(query)}


def of_region(bench: Bench) -> str:
    query = "SELECT url FROM v_service_for_region WHERE ars = ? AND rank = 1"
    return bench.ask(query, GELSENKIRCHEN)[0][0]


def test_a_living_link_is_offered_as_it_is(city: Bench):
    assert buttons(city)[APPLY] == (APPLY, 0, None)
    assert of_region(city) == APPLY


def test_a_suspect_is_shown_for_it_may_be_alive(city: Bench):
    told(city, APPLY, "suspect", "temporary", "http-5xx")
    city.build()
    assert buttons(city)[APPLY][0] == APPLY


def test_instead_of_a_dead_way_to_apply_the_form_of_the_same_service_is_offered_and_said_so(city: Bench):
    told(city, APPLY, "dead", "gone", "http-404")
    city.build()
    assert buttons(city)[APPLY] == (FORM, 1, "andere Seite derselben Leistung")
    assert of_region(city) == FORM


def test_where_nothing_of_its_own_is_alive_the_authority_above_stands_in(city: Bench):
    for url in (APPLY, FORM, INFO):
        told(city, url, "dead", "gone", "http-404")
    city.build()
    assert buttons(city)[APPLY] == (ABOVE, 1, "dieselbe Leistung bei: Quelle nrw")
    assert of_region(city) == ABOVE


def test_one_piece_of_information_is_none_for_another(city: Bench):
    told(city, INFO, "dead", "gone", "http-404")
    told(city, ABOVE, "dead", "gone", "http-404")
    city.build()
    assert buttons(city)[INFO] == (None, 0, None)


def test_only_what_was_seen_alive_stands_in(city: Bench):
    told(city, APPLY, "dead", "gone", "http-404")
    for url in (FORM, INFO, ABOVE):
        told(city, url, "suspect", "temporary", "http-5xx")
    city.build()
    assert buttons(city)[APPLY] == (None, 0, None)


@pytest.mark.parametrize(("outcome", "code"), [("invalid", "address-bad-host"), ("unchecked", "template")])
def test_what_no_browser_can_open_is_no_button(city: Bench, outcome, code):
    told(city, APPLY, "unchecked", outcome, code)
    city.build()
    assert buttons(city)[APPLY][0] == FORM
    assert of_region(city) == FORM


def test_the_dead_are_listed_with_what_to_do(city: Bench):
    told(city, APPLY, "dead", "gone", "http-404")
    city.build()
    query = "SELECT url, state, outcome, code, since, suggestion, substitute FROM v_dead_links"
    ((url, state, outcome, code, since, suggestion, substitute),) = city.ask(query)
    assert (url, state, outcome, code, substitute) == (APPLY, "dead", "gone", "http-404", FORM)
    assert since is not None
    assert suggestion == ABOVE


def feed(bench: Bench) -> list[tuple]:
    query = "SELECT e.kind, l.url, e.old, e.new FROM event e JOIN link l ON l.id = e.entity_id ORDER BY e.seq"
    return bench.ask(query)


def test_the_feed_says_once_that_a_link_broke_and_once_that_it_was_mended(city: Bench):
    told(city, APPLY, "dead", "gone", "http-404")
    city.build()
    city.build()
    assert feed(city) == [("link_broken", APPLY, "ok", "dead")]
    told(city, APPLY, "suspect", "gone", "http-404")  # the host is back, each link is looked at again
    city.build()
    told(city, APPLY, "ok")
    city.build()
    city.build()
    assert feed(city) == [("link_broken", APPLY, "ok", "dead"), ("link_fixed", APPLY, "dead", "ok")]


def test_new_states_alone_are_no_reason_to_build_anew(city: Bench):
    told(city, APPLY, "dead", "gone", "http-404")
    assert not city.build().rebuilt
    assert city.ask("SELECT state FROM link WHERE url = ?", APPLY) == [("dead",)]


def test_a_build_anew_says_the_same_as_one_that_only_takes_over_states(city: Bench):
    told(city, APPLY, "dead", "gone", "http-404")
    city.build()
    renewed = feed(city), city.ask("SELECT * FROM link ORDER BY url")
    city.sources[LAND.id] = LAND.model_copy(update={"title": "Anders benannt"})
    assert city.build().rebuilt
    assert (feed(city), city.ask("SELECT * FROM link ORDER BY url")) == renewed


def test_a_dead_link_is_a_finding_and_a_host_in_trouble_is_one_for_all_its_links(city: Bench):
    told(city, APPLY, "dead", "gone", "http-404")
    city.state.conn.execute(
        "INSERT INTO link_incident (host, code, opened_at, seen_at, failures) VALUES ('nrw.example', 'connect-refused', ?, ?, 1)",
        (city.now.isoformat(), city.now.isoformat()),
    )
    city.build()
    rows = city.ask(
        "SELECT rule, severity, entity, entity_id, message FROM finding WHERE rule LIKE 'link.%' ORDER BY 1"
    )
    assert [row[:4] for row in rows] == [
        ("link.dead", "error", "link", APPLY),
        ("link.host", "warning", "host", "nrw.example"),
    ]
    assert rows[0][4].startswith("Toter Link: Der Server kennt die Seite nicht (404).")
    assert "Betroffen: 1 Links auf nrw.example." in rows[1][4]


def test_going_back_to_an_earlier_build_brings_no_dead_link_back_to_life(city: Bench):
    told(city, APPLY, "dead", "gone", "http-404")
    city.build()
    roll_back(city.state, city.catalogue, city.builds, None, keep=7, at=city.now + timedelta(days=1))
    assert buttons(city)[APPLY] == (FORM, 1, "andere Seite derselben Leistung")
    assert feed(city) == [("link_broken", APPLY, "ok", "dead")]


@pytest.mark.parametrize("renewed", [True, False], ids=["only times are new", "built anew"])
def test_a_link_that_was_suspect_the_day_before_breaks_from_there(city: Bench, renewed):
    told(city, APPLY, "suspect", "temporary", "http-5xx")
    city.build()
    told(city, APPLY, "dead", "gone", "http-404")
    if not renewed:
        city.run(LAND, document("https://nrw.example/list", service("8", keys=[A], regions=[NRW])))
    assert city.build().rebuilt is not renewed
    assert feed(city) == [("link_broken", APPLY, "suspect", "dead")]
