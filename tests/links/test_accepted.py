"""Addresses that editors accepted: read from files, in the place of others in the catalogue, and taken back."""

import sqlite3
from contextlib import closing
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.catalogue.accepted import accepted_findings, replace_links
from harvester.catalogue.rows import name_link
from harvester.errors import UsageError
from harvester.links.accepted import Accepted, read_accepted, take_back, write_accepted
from harvester.links.suggest import Suggestion
from harvester.links.take_over import Wish, decide, read_wishes
from harvester.state import open_state

OLD, NEW, NEWER = "https://stadt.example/alt", "https://stadt.example/neu", "https://stadt.example/neuer"
ON = date(2026, 11, 23)


def said(link=OLD, target=NEW, because="Die Seite ist umgezogen."):
    return Accepted(link=link, target=target, because=because, by="Redaktion", date=ON)


def reread(folder, *decisions):
    file = write_accepted(folder, decisions)
    return read_accepted([file])


@pytest.fixture
def catalogue():
    with sqlite3.connect(":memory:") as db:
        for name in ("schema.sql", "indexes.sql"):
            db.executescript(files("harvester.catalogue").joinpath(name).read_text("utf-8"))
        db.execute(
            "INSERT INTO source (id, title, level, region, interface, records) VALUES ('q', 'q', 'kommune', '', 'dldb', 1)"
        )
        yield db


def service(db, sid, *urls):
    db.execute(
        "INSERT INTO service VALUES (?1,?1,NULL,?1,NULL,NULL,'kommune','citizen','live','q',NULL,'de',NULL,'','','','hash',NULL)",
        (sid,),
    )
    for position, url in enumerate(urls):
        link, host = name_link(url)
        db.execute("INSERT OR IGNORE INTO link (id, url, host, state) VALUES (?, ?, ?, 'unchecked')", (link, url, host))
        db.execute(
            "INSERT INTO service_link VALUES (?,?,NULL,'apply','Antrag','de',?,NULL,NULL,NULL,NULL,NULL)",
            (sid, link, position),
        )


def links(db):
    return db.execute("SELECT service_id, stated_url, replaces FROM v_service_link ORDER BY 1, position").fetchall()


def test_a_decision_counts_for_every_spelling_of_the_address(tmp_path, catalogue):
    service(catalogue, "a", OLD, "https://stadt.example/anders")
    service(catalogue, "b", "HTTPS://Stadt.example/alt#oben")
    found, wrong = reread(tmp_path, said())
    assert wrong == []
    replace_links(catalogue, found)
    assert links(catalogue) == [
        ("a", NEW, OLD), ("a", "https://stadt.example/anders", None), ("b", NEW, "HTTPS://Stadt.example/alt#oben"),
    ]  # fmt: skip
    assert catalogue.execute("SELECT DISTINCT replaced_because FROM service_link WHERE replaces <> ''").fetchall() == [
        ("Die Seite ist umgezogen (Redaktion, 23.11.2026)",)
    ]
    assert catalogue.execute("SELECT count(*) FROM link").fetchone() == (2,)


def test_the_change_feed_will_tell_it_of_the_services_concerned_alone(tmp_path, catalogue):
    service(catalogue, "a", OLD)
    service(catalogue, "b", "https://stadt.example/anders")
    replace_links(catalogue, reread(tmp_path, said())[0])
    changed = catalogue.execute("SELECT id FROM service WHERE content_hash <> 'hash'").fetchall()
    assert changed == [("a",)]


def test_decisions_one_after_the_other_lead_to_the_last(tmp_path):
    found, wrong = reread(tmp_path, said(), said(NEW, NEWER))
    assert ({url: r.target for url, r in found.items()}, wrong) == ({OLD: NEWER, NEW: NEWER}, [])


def test_decisions_in_a_circle_count_for_nothing(tmp_path):
    found, wrong = reread(tmp_path, said(), said(NEW, OLD))
    assert found == {}
    assert len(wrong) == 2


def test_a_second_decision_replaces_the_first(tmp_path):
    reread(tmp_path, said())
    found, _ = reread(tmp_path, said(target=NEWER))
    assert found[OLD].target == NEWER


def test_a_decision_taken_back_in_any_spelling_is_gone(tmp_path):
    reread(tmp_path, said(), said(NEW, NEWER))
    assert take_back(tmp_path, "https://STADT.example/alt") == 1
    assert list(read_accepted(tmp_path.glob("*.yml"))[0]) == [NEW]
    assert take_back(tmp_path, OLD) == 0


@given(st.text(max_size=40))
def test_no_reason_breaks_the_file(tmp_path_factory, because):
    folder = tmp_path_factory.mktemp("links")
    with closing(open_state(folder / "state.db")) as state:
        decision = wish(state.conn, OLD, NEW, f"Zehn Zeichen {because}")
    found, wrong = reread(folder, decision)
    assert (wrong, found[OLD].decision) == ([], decision)


def test_decisions_that_nobody_needs_any_more_and_broken_ones_are_findings(tmp_path, catalogue):
    service(catalogue, "a", OLD)
    write_accepted(tmp_path, [said(), said(NEW, NEWER)])
    (tmp_path / "zweite.yml").write_text("- link: x", "utf-8")
    found, wrong = read_accepted(sorted(tmp_path.glob("*.yml")))
    replace_links(catalogue, found)
    rules = [(row[1], row[2], row[4]) for row in accepted_findings(catalogue, found, wrong, "2026-11-23")]
    assert rules == [("warning", "link.accepted-invalid", "zweite.yml#1"), ("info", "link.accepted-gone", NEW)]


MOVED = Suggestion(OLD, NEW, "permanent-target", 0.95, "Dauerhafte Weiterleitung.", "Permanent redirect.")
UNSURE = Suggestion(OLD, NEWER, "same-title", 0.7, "Gleicher Titel dort.", "The same title there.")


@pytest.fixture
def state(tmp_path):
    db = open_state(tmp_path / "state.db")
    yield db.conn
    db.close()


def wish(state, *parts):
    return decide(Wish(*parts), [UNSURE, MOVED], state, "Redaktion", ON)


def test_without_an_address_the_surest_proposal_is_taken_with_its_reason(state):
    decision = wish(state, "https://stadt.example/alt#oben")
    assert (decision.target, decision.because) == (NEW, "Dauerhafte Weiterleitung.")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (("https://stadt.example/weg",), "nothing is proposed"),
        ((OLD, "https://stadt.example/eigene"), "say why"),
        ((OLD, "javascript:alert(1)", "Zehn Zeichen lang."), "no address"),
        ((OLD, OLD, "Zehn Zeichen lang."), "the same"),
    ],
)
def test_a_wish_without_ground_is_refused(state, parts, told):
    with pytest.raises(UsageError, match=told):
        wish(state, *parts)


def test_a_dead_address_is_not_accepted(state):
    state.execute("INSERT INTO link (url, host, domain, state, added_at) VALUES (?, '', '', 'dead', '')", (NEWER,))
    state.execute("INSERT INTO link_text SELECT url, id FROM link")
    with pytest.raises(UsageError, match="dead itself"):
        wish(state, OLD, NEWER)


def test_a_table_of_proposals_is_read_as_editors_left_it(tmp_path):
    file = tmp_path / "vorschlaege.csv"
    file.write_text(f"\ufeffurl,target,reason_de\r\n{OLD},{NEW},Umgezogen.\r\n", "utf-8")
    assert list(read_wishes(file)) == [Wish(OLD, NEW, "Umgezogen.")]
    file.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UsageError, match="not a table"):
        list(read_wishes(file))
