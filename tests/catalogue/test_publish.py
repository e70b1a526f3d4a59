"""Publishing: checked, swapped in one step, never harmed by what stands in the way."""

import sqlite3
from contextlib import closing

import pytest

from harvester.catalogue.check import check_catalogue
from harvester.catalogue.publish import NotPublishableError, publish
from harvester.catalogue.published import CatalogueTooNewError
from tests.build import A, Bench, document, service, source

CITY = source()
LIST = "https://stadt.example/list"


def write(bench: Bench, *titles):
    bench.run(CITY, document(LIST, *(service(title, title, keys=[A]) for title in titles)))
    return bench.build()


def titles(bench: Bench):
    return [row[0] for row in bench.ask("SELECT title FROM service ORDER BY 1")]


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM service_search",
        "DROP VIEW v_dead_links",
        "PRAGMA journal_mode = WAL",
        "UPDATE service SET source_id = 'nobody'",
    ],
)
def test_a_catalogue_that_fails_its_checks_is_refused_and_the_old_one_stays(bench: Bench, harm):
    write(bench, "Gut")
    new = bench.builds / "catalogue.new"
    new.write_bytes(bench.catalogue.read_bytes())
    before = bench.catalogue.read_bytes()
    with closing(sqlite3.connect(new)) as db, db:
        db.execute(harm)
    assert check_catalogue(new)
    with pytest.raises(NotPublishableError):
        publish(new, bench.catalogue, bench.builds, keep=3)
    assert bench.catalogue.read_bytes() == before


@pytest.mark.parametrize("body", [b"", b"no database", b"SQLite format 3\0 cut off"])
def test_a_file_that_is_no_database_is_refused(bench: Bench, body):
    write(bench, "Gut")
    new = bench.builds / "catalogue.new"
    new.write_bytes(body)
    with pytest.raises(NotPublishableError):
        publish(new, bench.catalogue, bench.builds, keep=3)
    assert titles(bench) == ["Gut"]


def test_a_damaged_page_is_found(bench: Bench):
    write(bench, *map(str, range(50)))
    whole = bytearray(bench.catalogue.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 4096] = b"\xff" * 4096
    new = bench.builds / "catalogue.new"
    new.write_bytes(whole)
    assert check_catalogue(new)


def test_a_catalogue_without_any_service_does_not_replace_one_that_has_some(bench: Bench):
    write(bench, "Gut")
    with pytest.raises(NotPublishableError, match="0 services instead of 1"):
        bench.build(without={CITY.id})
    assert titles(bench) == ["Gut"]


def test_the_last_builds_are_kept(bench: Bench):
    for n in range(5):
        bench.run(CITY, document(LIST, service("1", f"Titel {n}")))
        bench.build(keep=2)
    kept = sorted(bench.builds.glob("catalogue-*.db"))
    assert [check_catalogue(file) for file in kept] == [[], []]
    with closing(sqlite3.connect(kept[-1])) as db:
        assert db.execute("SELECT title FROM service").fetchall() == [("Titel 3",)]


def test_a_reader_that_has_the_old_file_open_keeps_it_whole(bench: Bench):
    write(bench, "Alt")
    with closing(sqlite3.connect(f"file:{bench.catalogue}?mode=ro", uri=True)) as reader:
        reader.execute("SELECT title FROM service").fetchall()
        write(bench, "Neu", "Neuer")
        assert reader.execute("SELECT title FROM service").fetchall() == [("Alt",)]
    assert titles(bench) == ["Neu", "Neuer"]


def test_an_empty_file_in_the_catalogue_s_place_counts_as_none(bench: Bench):
    bench.catalogue.touch()
    assert write(bench, "Gut").set_aside == ""
    assert titles(bench) == ["Gut"]


def _database(file):
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE mine (precious TEXT)")


def _damaged(file):
    file.write_bytes(file.read_bytes()[:8192])


def test_damage_in_the_middle_of_the_catalogue_is_healed_by_building_anew(bench: Bench):
    """The state has not changed, so a copy of the published file would do, were it whole."""
    write(bench, *map(str, range(50)))
    whole = bytearray(bench.catalogue.read_bytes())
    for page in range(4, len(whole) // 4096, 3):
        whole[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    bench.catalogue.write_bytes(whole)
    refreshed = bench.build()
    assert (refreshed.rebuilt, refreshed.services) == (True, 50)
    assert check_catalogue(bench.catalogue) == []
    assert [str(file) for file in bench.builds.glob("not-a-catalogue-*.db")] == [refreshed.set_aside]


FOREIGN = {
    "a text": lambda file: file.write_text("my notes"),
    "another database": _database,
    "a damaged catalogue": _damaged,
}


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
def test_anything_else_in_its_place_is_moved_aside_and_reported(bench: Bench, make):
    write(bench, "Gut")
    if make is not _damaged:
        bench.catalogue.unlink()
    make(bench.catalogue)
    body = bench.catalogue.read_bytes()
    refreshed = write(bench, "Gut", "Neu")
    (aside,) = bench.builds.glob("not-a-catalogue-*.db")
    assert refreshed.set_aside == str(aside)
    assert aside.read_bytes() == body
    assert titles(bench) == ["Gut", "Neu"]
    assert [row[0] for row in bench.ask("SELECT kind FROM event ORDER BY seq")] == ["created", "created"]


def test_a_catalogue_of_a_newer_program_is_neither_compared_nor_replaced(bench: Bench):
    write(bench, "Gut")
    with closing(sqlite3.connect(bench.catalogue)) as db, db:
        db.execute("UPDATE meta SET value = '2' WHERE key = 'schema_version'")
    with pytest.raises(CatalogueTooNewError, match="schema version 2"):
        bench.build()
    assert titles(bench) == ["Gut"]


def test_what_a_killed_build_left_behind_does_no_harm(bench: Bench):
    write(bench, "Gut")
    for name in ("catalogue.new", "catalogue.new-journal"):
        (bench.builds / name).write_bytes(b"half")
    assert not bench.build().rebuilt
    for name in ("catalogue.new", "catalogue.new-journal"):
        (bench.builds / name).write_bytes(b"half")
    assert write(bench, "Neu").rebuilt
    assert titles(bench) == ["Neu"]
