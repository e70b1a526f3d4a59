"""Base texts of Bund and Land are stored once; what is written for a town refers to them and overrides modules."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from harvester.exports import Export, run_export
from harvester.exports.document import ServiceDocument
from tests.build import NRW, A, B, Bench, document, service, source

BUND = "000000000000"
FEDERAL = source("bund", level="bund", region=BUND)
STATE = source("land", level="land", region=NRW)
CITY = source("stadt")


def tell(bench: Bench, of, texts, *, keys=(A,), title="Wohnsitz anmelden", region=None):
    bench.run(of, document(of.endpoint, service("1", title, keys=keys, regions=[region or of.region], texts=texts)))


def shown(bench: Bench, name: str) -> dict[str, tuple[str, str, int]]:
    """Of each module of a source's service: the text, the source whose description it is of, and whether it is inherited."""
    rows = bench.ask(
        "SELECT t.module, t.text, o.source_id, t.inherited FROM service s JOIN service_text t ON t.service_id = s.id"
        " JOIN service o ON o.id = t.origin_id WHERE s.source_id = ?",
        name,
    )
    return {module: (text, origin, inherited) for module, text, origin, inherited in rows}


def stored(bench: Bench) -> list[str]:
    return sorted(row[0] for row in bench.ask("SELECT text FROM text_module WHERE text IS NOT NULL"))


@pytest.fixture
def three(bench: Bench) -> Bench:
    tell(bench, FEDERAL, {"description": "Wer umzieht", "deadlines": "Zwei Wochen", "fees": "frei"})
    tell(bench, STATE, {"description": "Wer umzieht", "deadlines": "Zehn Tage", "contact": "beim Land"})
    tell(bench, CITY, {"description": "Wer umzieht", "deadlines": "Zehn Tage", "fees": "5 Euro"})
    bench.build()
    return bench


def test_a_text_that_stands_in_the_base_description_is_stored_once(three: Bench):
    assert stored(three) == ["5 Euro", "Wer umzieht", "Zehn Tage", "Zwei Wochen", "beim Land", "frei"]


def test_own_modules_override_the_others_come_from_the_nearest_base_each_with_where_it_is_from(three: Bench):
    assert shown(three, "stadt") == {
        "description": ("Wer umzieht", "bund", 0),
        "deadlines": ("Zehn Tage", "land", 0),
        "fees": ("5 Euro", "stadt", 0),
        "contact": ("beim Land", "land", 1),
    }
    assert shown(three, "land")["fees"] == ("frei", "bund", 1)
    assert shown(three, "bund") == {
        "description": ("Wer umzieht", "bund", 0),
        "deadlines": ("Zwei Wochen", "bund", 0),
        "fees": ("frei", "bund", 0),
    }


def test_the_order_of_sources_makes_no_difference(three: Bench, tmp_path):
    other = Bench(tmp_path / "other")
    tell(other, CITY, {"description": "Wer umzieht", "deadlines": "Zehn Tage", "fees": "5 Euro"})
    tell(other, STATE, {"description": "Wer umzieht", "deadlines": "Zehn Tage", "contact": "beim Land"})
    tell(other, FEDERAL, {"description": "Wer umzieht", "deadlines": "Zwei Wochen", "fees": "frei"})
    other.build()
    query = "SELECT service_id, module, text, same_as FROM text_module ORDER BY 1, 2"
    assert other.ask(query) == three.ask(query)
    other.state.close()


def test_another_key_another_land_or_several_keys_have_no_base(bench: Bench):
    tell(bench, STATE, {"fees": "frei"})
    tell(bench, CITY, {"contact": "Rathaus"}, keys=[A, B])
    bayern = source("bayern", region="091620000000")
    tell(bench, bayern, {"contact": "Rathaus"})
    herne = source("herne", region="059160000000")
    tell(bench, herne, {"contact": "Rathaus"}, keys=[B])
    bench.build()
    assert bench.ask("SELECT count(*) FROM service WHERE base_id IS NOT NULL") == [(0,)]
    assert set(shown(bench, "stadt")) == set(shown(bench, "bayern")) == set(shown(bench, "herne")) == {"contact"}


def test_a_base_that_is_gone_takes_only_what_was_its_own(three: Bench):
    three.build(without={"bund"})
    assert shown(three, "stadt")["description"] == ("Wer umzieht", "land", 0)
    three.build(without={"bund", "land"})
    assert shown(three, "stadt") == {
        "description": ("Wer umzieht", "stadt", 0),
        "deadlines": ("Zehn Tage", "stadt", 0),
        "fees": ("5 Euro", "stadt", 0),
    }


def test_a_change_of_the_base_is_told_once_and_what_the_town_states_stays(three: Bench):
    (before,) = three.ask("SELECT max(seq) FROM event")
    tell(three, STATE, {"description": "Wer umzieht", "deadlines": "Sieben Tage", "contact": "beim Land"})
    three.build()
    assert shown(three, "stadt")["deadlines"] == ("Zehn Tage", "stadt", 0)
    events = (
        "SELECT s.source_id, e.field, e.old, e.new FROM event e JOIN service s ON s.id = e.entity_id WHERE e.seq > ?"
    )
    assert three.ask(events, *before) == [("land", "texts/deadlines/de", "Zehn Tage", "Sieben Tage")]
    (before,) = three.ask("SELECT max(seq) FROM event")
    tell(three, CITY, {"description": "Wer umzieht", "deadlines": "Zehn Tage", "fees": "6 Euro"})
    three.build()
    assert three.ask(events, *before) == [("stadt", "texts/fees/de", "5 Euro", "6 Euro")]


def test_an_export_has_all_texts_with_where_each_is_from(three: Bench, tmp_path):
    run_export(three.catalogue, Export("ndjson", tmp_path / "all.ndjson"))
    lines = (tmp_path / "all.ndjson").read_text(encoding="utf-8").splitlines()
    documents = [ServiceDocument.model_validate_json(line) for line in lines]
    assert [document.model_dump_json() for document in documents] == lines
    names = {document.id: document.source.id for document in documents}
    (city,) = (document for document in documents if document.source.id == "stadt")
    told = {text.module: names[text.origin_id] for text in city.texts}
    assert told == {"description": "bund", "deadlines": "land", "fees": "stadt", "contact": "land"}


def test_readers_who_join_the_texts_of_some_services_do_not_go_through_all(three: Bench, tmp_path):
    copy = tmp_path / "large.db"  # without statistics SQLite takes every table for a large one
    shutil.copyfile(three.catalogue, copy)
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("DELETE FROM sqlite_stat1")
    with closing(sqlite3.connect(copy)) as db:
        db.execute("CREATE TEMP TABLE some (n INTEGER PRIMARY KEY, service_id TEXT)")
        query = (
            "SELECT c.module, c.text FROM temp.some p JOIN service_text c ON c.service_id = p.service_id ORDER BY p.n"
        )
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert [step for step in plan if step.startswith("SCAN")] == ["SCAN p"], plan
    assert not [step for step in plan if "MATERIALIZE" in step or "CO-ROUTINE" in step], plan
