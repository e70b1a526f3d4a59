"""What people type, and what they must find."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks.search_catalogue import make_catalogue
from harvester.catalogue.query import read_question
from harvester.catalogue.search import search, suggest
from tests.build import GELSENKIRCHEN, HERTEN, NRW, Bench, document, service, source
from tests.search.table import questions, share_found

CITY = source()
HERTEN_CITY = source("herten", region=HERTEN)
LAND = source("nrw", level="land", region=NRW)
LIST = "https://stadt.example/list"
TITLES = ("Führerschein umtauschen", "Hundesteuer anmelden", "Reisepass beantragen", "Eheschließung anmelden")
KEY = "99987654000000"


@pytest.fixture(scope="module")
def official(tmp_path_factory) -> Iterator[sqlite3.Connection]:
    """The names of the official list, as one catalogue."""
    with closing(sqlite3.connect(make_catalogue(tmp_path_factory.mktemp("official"), 4813))) as db:
        yield db


@pytest.fixture
def bench(tmp_path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.state.close()


@pytest.fixture
def small(bench: Bench) -> Iterator[sqlite3.Connection]:
    bench.run(CITY, document(LIST, *(service(str(n), title) for n, title in enumerate(TITLES))))
    bench.build()
    with closing(sqlite3.connect(bench.catalogue)) as db:
        yield db


def titles(db: sqlite3.Connection, *asked, **more) -> list[str]:
    return [hit.title for hit in search(db, *asked, **more)]


def test_the_table_is_large_enough():
    assert len({text for name in ("demo", "leika") for text, _ in questions(name)}) >= 150


def test_95_of_100_questions_find_their_service_among_the_first_five(official):
    assert share_found(official, "leika") >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "Führerscheine",
        "fuehrerschein",
        "fuhrerschein",
        "FÜHRERSCHEIN",
        "Führerscheinumtausch",
        "Fürerschein",
        "führer-schein",
    ],
)
def test_a_word_is_found_in_every_spelling(small, text):
    assert titles(small, text)[0] == "Führerschein umtauschen"


def test_a_citizens_word_finds_the_official_one(small):
    assert titles(small, "heiraten") == ["Eheschließung anmelden"]


def test_a_sentence_is_read_for_what_it_is_about(small):
    assert titles(small, "Wie kann ich meinen Hund anmelden?")[0] == "Hundesteuer anmelden"


def test_a_compound_that_nobody_wrote_is_read_by_its_parts(small):
    assert titles(small, "Hundesteuermarke")[0] == "Hundesteuer anmelden"


def test_what_fits_as_a_whole_is_not_followed_by_what_hardly_fits(small):
    assert titles(small, "Reisepass") == ["Reisepass beantragen"]


def test_did_you_mean_says_the_whole_question_with_its_capitals(small):
    assert suggest(small, "neuer Reisepas") == "neuer Reisepass"
    assert suggest(small, "Reisepässe") is None
    assert suggest(small, "Qwertzuiop") is None


@pytest.mark.parametrize(
    "text",
    ["", "  ", "?!", '"', '" OR 1', "NEAR(a b)", "a* AND (", "title:", "-", "ß", "a" * 5000, "x " * 500],
)
def test_no_question_breaks_the_index(small, text):
    assert isinstance(search(small, text), list)
    suggest(small, text)


def test_nothing_is_found_for_words_that_nobody_knows(small):
    assert titles(small, "Qwertzuiop") == []


def test_a_region_finds_its_own_and_what_holds_above_it_but_not_the_neighbours(bench):
    bench.run(LAND, document("https://nrw.example", service("l", "Jagdschein vom Land", regions=[NRW])))
    bench.run(CITY, document(LIST, service("1", "Jagdschein der Stadt")))
    bench.run(HERTEN_CITY, document("https://herten.example", service("h", "Jagdschein in Herten")))
    bench.build()
    with closing(sqlite3.connect(bench.catalogue)) as db:
        assert set(titles(db, "Jagdschein", GELSENKIRCHEN)) == {"Jagdschein vom Land", "Jagdschein der Stadt"}
        assert len(titles(db, "Jagdschein")) == 3
        assert titles(db, "Jagdschein", "990000000000") == []


def test_of_one_key_the_description_nearest_to_the_region_is_the_hit(bench):
    bench.run(LAND, document("https://nrw.example", service("l", "Jagdschein", keys=[KEY], regions=[NRW])))
    bench.run(CITY, document(LIST, service("1", "Jagdschein", keys=[KEY])))
    bench.build()
    with closing(sqlite3.connect(bench.catalogue)) as db:
        assert [hit.level for hit in search(db, "Jagdschein", GELSENKIRCHEN)] == ["kommune"]
        assert [hit.level for hit in search(db, "Jagdschein", NRW)] == ["land"]


def test_a_situation_holds_all_below_it(small):
    ((inside,),) = small.execute(
        "SELECT situation_id FROM service_situation JOIN service ON id = service_id WHERE title LIKE 'Ehe%' AND situation_id LIKE 'ozg:%'"
    )
    assert titles(small, "anmelden", situation=inside.partition(".")[0]) == ["Eheschließung anmelden"]
    assert titles(small, "anmelden", situation="ozg:umwelt") == []


def test_not_more_than_were_asked_for(small):
    assert len(titles(small, "anmelden", limit=1)) == 1
    assert titles(small, "anmelden", limit=0) == []


def test_the_recipe_in_plain_sql_finds_the_same_first_service(small):
    """As docs/search.md has it, for portals that are not written in Python."""
    rows = small.execute(
        "SELECT s.title FROM service_search f JOIN service s ON s.id = f.service_id"
        " WHERE service_search MATCH 'terms : (fuehrerschein* OR fuhrerschein*)'"
        " AND rank MATCH 'bm25(0, 4, 3, 3, 0.5, 2, 0, 8)' ORDER BY rank LIMIT 5"
    ).fetchall()
    assert rows[0] == ("Führerschein umtauschen",)


@pytest.mark.parametrize(
    "text", ["Ich melde meinen Hund an", "melde hund an", "Wie meldet man einen Hund an?", "Wir melden unseren Hund an"]
)
def test_a_parted_verb_is_put_together(small, text):
    assert titles(small, text)[0] == "Hundesteuer anmelden"
    assert {"anmelden", "hund"} == {ask.typed for ask in read_question(small, text).asks}


@pytest.mark.parametrize("text", ["Hund an", "Reisepass um", "an", "zu zu", "ziehe um meldung"])
def test_what_is_no_parted_verb_stays_as_it_is(small, text):
    assert not any(ask.typed.startswith(("anhund", "umreise", "zuzu")) for ask in read_question(small, text).asks)
