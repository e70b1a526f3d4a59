"""Readers without the harvester: the Python standard library alone, and the sqlite3 shell; every query uses an index."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from harvester.view.tiles import count_tiles
from tests.build import GELSENKIRCHEN, HERTEN, NRW
from tests.published import publish_two_days

READERS = Path(__file__).parents[2] / "examples" / "readers"
QUERIES = sorted(file.stem for file in READERS.glob("*.sql"))
_STEPS = {"here", "h", "lies", "x", "p", "v_holding"}
"""What a query makes on its way, and may go through from end to end."""
TOLD = {
    "portal": "gelsenkirchen",
    "ars": GELSENKIRCHEN,
    "skip": "0",
    "situation": "pvlagen:1050000",
    "service": "s",
    "words": '"wohnung"*',
    "since": "2025-01-01T00:00:00+00:00",
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = publish_two_days(tmp_path_factory.mktemp("readers"))
    yield made
    made.state.close()


def read(bench, *arguments, expect=0):
    """What the reader prints, run in a Python that has no packages at all."""
    command = [sys.executable, "-I", "-S", str(READERS / "reader.py"), str(bench.catalogue), *arguments]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, env={"PYTHONIOENCODING": "utf-8"}
    )
    assert done.returncode == expect, done.stderr
    return [row.split("\t") for row in done.stdout.splitlines()]


def shell(bench, query, **told):
    if shutil.which("sqlite3") is None:
        pytest.skip("no sqlite3 shell here")
    command = ["sh", str(READERS / "reader.sh"), str(bench.catalogue), query, *(f"{k}={v}" for k, v in told.items())]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return [row.split("|") for row in done.stdout.splitlines()][1:]


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_goes_by_an_index_and_through_no_table(bench, tmp_path, query):
    sql = (READERS / f"{query}.sql").read_text(encoding="utf-8")
    copy = tmp_path / "large.db"  # without statistics SQLite takes every table for a large one
    shutil.copyfile(bench.catalogue, copy)
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("DELETE FROM sqlite_stat1")
    with closing(sqlite3.connect(copy)) as db:
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", TOLD)]
    scanned = [step for step in plan if step.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in step]
    names = [step.split()[1] for step in scanned]
    assert [name for name in names if name not in _STEPS and not name.startswith("(subquery")] == [], plan
    assert any(re.search(r"USING .*(INDEX|PRIMARY KEY)", step) for step in plan), plan


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_explains_each_thing_it_is_told(query):
    sql = (READERS / f"{query}.sql").read_text(encoding="utf-8")
    comments = re.findall(r"^-- +:(\w+)  ", sql, re.MULTILINE)
    assert set(comments) == set(re.findall(r"(?<![:\w]):(\w+)", re.sub(r"--.*", "", sql)))


def test_tiles_count_what_the_harvester_counts(bench):
    with closing(sqlite3.connect(bench.catalogue)) as db:
        view = list(count_tiles(db, "gelsenkirchen", GELSENKIRCHEN).values())
    told = read(bench, "tiles", "gelsenkirchen", GELSENKIRCHEN)
    assert sorted((title, int(count)) for title, count in told) == sorted(view)
    assert sum(int(count) for _, count in told) > 0
    assert shell(bench, "tiles", portal="gelsenkirchen", ars=GELSENKIRCHEN) == told


@pytest.mark.parametrize("ars", [GELSENKIRCHEN, HERTEN, NRW])
def test_a_region_page_says_what_the_view_of_the_catalogue_says(bench, ars):
    view = bench.ask(
        "SELECT service_id, title, level, precision, coalesce(url, '') FROM v_service_for_region"
        " WHERE ars = ? AND rank = 1 ORDER BY title, service_id",
        ars,
    )
    assert [tuple(row) for row in read(bench, "region", ars)] == view
    assert [tuple(row) for row in shell(bench, "region", ars=ars, skip="1")] == view[1:]


def test_a_region_and_a_situation_list_their_services(bench):
    titles = {row[1] for row in read(bench, "region", HERTEN)}
    assert titles == {"Wohnsitz anmelden", "Bauantrag stellen", "Hund anmelden"}
    (moving,) = (row for row in read(bench, "situation", "pvlagen:1050000", HERTEN) if row[1] == "Wohnsitz anmelden")
    assert moving[4] == "https://bund.example/antrag"
    assert moving in shell(bench, "situation", situation="pvlagen:1050000", ars=HERTEN)


def test_a_service_comes_with_its_texts_links_and_office(bench):
    slug = bench.ask("SELECT slug FROM service WHERE title = 'Wohnsitz anmelden'")[0][0]
    told = read(bench, "service", slug, HERTEN)
    assert told[0][1] == "Wohnsitz anmelden"
    assert told[1][0] == "description"
    assert told[1][3:5] == ["bund", "Wohnsitz anmelden"]
    assert next(row for row in told if row[0] == "apply")[:4] == [
        "apply",
        "Antrag",
        "https://bund.example/antrag",
        "ok",
    ]
    assert told[-1][0] == "Bundesamt"
    assert shell(bench, "office", service=told[0][0], ars=HERTEN)[0][0] == "Bundesamt"
    own = bench.ask("SELECT id FROM service WHERE title = 'Hund anmelden'")[0][0]
    assert shell(bench, "office", service=own, ars=HERTEN)[0][0] == "Bürgerbüro"
    assert read(bench, "service", "nothing", HERTEN, expect=1) == []


def test_a_search_finds_what_holds_in_the_region_by_the_beginnings_of_words(bench):
    assert [row[1] for row in read(bench, "search", "wohn anm", GELSENKIRCHEN)] == ["Wohnung anmelden"]
    assert [row[1] for row in read(bench, "search", "wohn anm", HERTEN)] == ["Wohnsitz anmelden"]
    assert [row[1] for row in shell(bench, "search", words='"hund"*', ars=HERTEN)] == ["Hund anmelden"]
    assert read(bench, "search", "hund", GELSENKIRCHEN, expect=1) == []
    for odd in ('"', 'a"b OR', "*", "(", "regions:", "' --"):
        assert read(bench, "search", odd, GELSENKIRCHEN, expect=1) == []
    assert read(bench, "search", "wohnung", "999999999999", expect=1) == []


def test_changes_since_a_day_tell_of_what_is_gone_too(bench):
    (second,) = bench.ask("SELECT max(at) FROM event")[0]
    told = read(bench, "changes", second[:10], GELSENKIRCHEN)
    assert [(row[2], row[3]) for row in told] == [("removed", "Feuerwerk anzeigen"), ("changed", "Wohnung anmelden")]
    assert read(bench, "changes", second[:10], HERTEN, expect=1) == []
    assert len(shell(bench, "changes", since=second[:10], ars=GELSENKIRCHEN)) == 2


def test_the_reader_says_what_it_understands(bench):
    assert read(bench, "nonsense", expect=2) == []
    assert read(bench, expect=2) == []
