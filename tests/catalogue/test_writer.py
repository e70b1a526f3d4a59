"""Rows that a process beside writes end in the same catalogue, and what hinders it is told to who waits for it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files

import pytest

from harvester.catalogue import writer
from harvester.catalogue.batch import Batch
from harvester.catalogue.build import build_catalogue
from harvester.catalogue.writer import open_writer, unsafe
from tests.build import A, B, Bench, document, service, source
from tests.catalogue.test_refresh import dump

CITY, LAND = source("stadt"), source("nrw", level="land", region="050000000000")


@pytest.fixture
def beside(monkeypatch):
    """However few services there are, they are written beside."""
    monkeypatch.setattr(writer, "_MANY", 0)


@pytest.fixture
def begun(tmp_path) -> Iterator[tuple[sqlite3.Connection, object]]:
    """A file with two tables and an open transaction."""
    file = tmp_path / "catalogue.new"
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        unsafe(db).execute("BEGIN")
        schema = files("harvester.catalogue").joinpath("schema.sql").read_text(encoding="utf-8")
        for name in ("meta", "service_region"):
            table = schema[schema.index(f"CREATE TABLE {name} ") :]
            db.execute(table[: table.index(";")])
        yield db, file


def rows(count: int, table: str = "service_region") -> Batch:
    batch = Batch()
    for number in range(count):
        batch.add(table, (f"s{number}", "055130000000", "exact"))
    return batch


def write_beside(db, file, *batches: Batch, then: Exception | None = None) -> None:
    with open_writer(db, file, 1) as write:
        for batch in batches:
            write(batch)
        if then:
            raise then


def test_a_process_beside_writes_the_same_catalogue(bench: Bench, monkeypatch):
    bench.run(CITY, document("https://stadt.example/1", service("1", keys=[A]), service("2", texts={"fees": "frei"})))
    bench.run(LAND, document("https://nrw.example/1", service("7", keys=[A]), service("8", keys=[B])))
    at, sources = bench.now, dict(bench.sources)
    here, there = bench.root / "here.db", bench.root / "there.db"
    build_catalogue(bench.state, sources, here, previous=None, at=at)
    monkeypatch.setattr(writer, "_MANY", 0)
    build_catalogue(bench.state, sources, there, previous=None, at=at)
    assert dump(here, besides=()) == dump(there, besides=())


@pytest.mark.usefixtures("beside")
def test_all_batches_are_there_when_the_block_ends(begun):
    db, file = begun
    with open_writer(db, file, 1) as write:
        write(rows(5))
        more = rows(9000)
        write(more)
        assert not more.rows
    assert db.execute("SELECT count(*) FROM service_region").fetchone() == (9000,)
    assert db.in_transaction


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("batches", [1, 50])
def test_what_hinders_it_is_raised_as_if_it_had_happened_here(begun, batches):
    db, file = begun
    wrong = rows(1)
    wrong.rows["service_region"] = [("s1", "055130000000", "perhaps")] * 2
    wrong.add("key_match", tuple("a" * 9))  # a table that is not there
    with pytest.raises(sqlite3.OperationalError, match="key_match"):
        write_beside(db, file, wrong, *(rows(5000) for _ in range(batches)))


@pytest.mark.usefixtures("beside")
def test_an_error_in_the_block_ends_the_process_and_is_passed_on(begun):
    db, file = begun
    with pytest.raises(ValueError, match="unreadable"):
        write_beside(db, file, rows(10), then=ValueError("unreadable"))
    assert not db.in_transaction


@pytest.mark.usefixtures("beside")
def test_a_writer_that_was_killed_is_told_of(begun, monkeypatch):
    db, file = begun
    monkeypatch.setattr(writer, "_write_all", die)
    with pytest.raises(OSError, match="was stopped"):
        write_beside(db, file, *(rows(5000) for _ in range(50)))


def die(*_: object) -> None:
    os._exit(9)
