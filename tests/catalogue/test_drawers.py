"""Life situations in the catalogue: who put a service where, how many lie behind a tile, and what a person should look at."""

import sqlite3
from contextlib import closing

import pytest

from harvester.model import Code
from harvester.situations.text import TextModel
from harvester.view.tiles import count_tiles
from tests.build import GELSENKIRCHEN, HERTEN, NRW, Bench, document, service, source

CITY = source()
HERTEN_CITY = source("herten", region=HERTEN)
LAND = source("nrw", level="land", region=NRW)
BUND = source("bund", level="bund", region="000000000000")
LIST = "https://stadt.example/list"
PVLAGEN = "urn:xoev-de:fim:codeliste:pvlagen"
DOG_TAX, UNKNOWN = "99102013002000", "99987654000000"
ROWS = "SELECT situation_id, origin, rule, rank FROM service_situation ORDER BY situation_id"


def birth(remote_id: str, code: str = "1010000", **more):
    return service(remote_id, situations=(Code(list_uri=PVLAGEN, code=code),), **more)


def tiles(bench: Bench, ars: str) -> dict[str, int]:
    with closing(sqlite3.connect(bench.catalogue)) as db:
        return {tile: services for tile, (_, services) in count_tiles(db, "gelsenkirchen", ars).items()}


def rules(bench: Bench) -> list[tuple[str, str]]:
    return bench.ask("SELECT rule, entity_id FROM finding WHERE rule LIKE 'situations.%' ORDER BY rule, entity_id")


def test_what_the_source_says_counts_and_reaches_the_other_scheme_through_the_map(bench: Bench):
    bench.run(CITY, document(LIST, birth("1")))
    bench.build()
    assert bench.ask(ROWS) == [
        ("ozg:familie_kind.geburt", "source", "source.pvlagen>exact", 0),
        ("pvlagen:1010000", "source", "source.pvlagen", 0),
    ]


def test_a_known_key_decides_without_the_text(bench: Bench, monkeypatch):
    monkeypatch.setattr(TextModel, "classify", lambda *_: pytest.fail("the text was asked"))
    bench.run(CITY, document(LIST, service("1", "Vierbeiner", keys=[DOG_TAX])))
    bench.build()
    assert ("key", "key.14") in bench.ask("SELECT origin, rule FROM service_situation")


def test_the_same_title_is_read_once(bench: Bench, monkeypatch):
    read = []
    classify = TextModel.classify
    monkeypatch.setattr(TextModel, "classify", lambda self, e: read.append(e) or classify(self, e))
    bench.run(CITY, document(LIST, *(service(str(n), "Angelschein beantragen") for n in range(3))))
    bench.build()
    assert len(read) == 1
    assert bench.ask("SELECT count(DISTINCT service_id), count(DISTINCT situation_id) > 0 FROM service_situation") == [
        (3, 1)
    ]


def test_what_nobody_knows_lies_in_the_rest_and_on_the_list_of_unsorted(bench: Bench):
    bench.run(CITY, document(LIST, service("1", "Qwxyz")))
    bench.build()
    assert bench.ask("SELECT title FROM v_unsorted") == [("Qwxyz",)]
    assert tiles(bench, GELSENKIRCHEN)["rest"] == 1


def test_tiles_count_what_holds_in_the_region_once_and_nested(bench: Bench):
    bench.run(BUND, document("https://bund.example", birth("b", keys=[UNKNOWN], regions=["000000000000"])))
    bench.run(CITY, document(LIST, birth("1", keys=[UNKNOWN]), birth("2", "1010200")))
    bench.run(HERTEN_CITY, document("https://herten.example", birth("3")))
    bench.build()
    assert tiles(bench, GELSENKIRCHEN)["familie-kind"] == 2  # one of them described by Bund and city
    assert tiles(bench, HERTEN)["familie-kind"] == 2
    counts = "SELECT situation_id, services FROM v_situation_counts WHERE ars = ? AND situation_id LIKE 'pvlagen:%' ORDER BY 1"
    assert bench.ask(counts, GELSENKIRCHEN) == [("pvlagen:1000000", 2), ("pvlagen:1010000", 2), ("pvlagen:1010200", 1)]


def test_a_tile_without_services_is_there_with_a_zero(bench: Bench):
    bench.run(CITY, document(LIST, birth("1")))
    bench.build()
    assert tiles(bench, GELSENKIRCHEN)["umwelt"] == 0
    assert len(tiles(bench, GELSENKIRCHEN)) == 16


@pytest.mark.parametrize("name", [DOG_TAX, "gelsenkirchen:1", "the catalogue's id"])
def test_an_editor_decides_under_any_name_and_the_next_harvest_changes_nothing(bench: Bench, name):
    bench.run(CITY, document(LIST, service("1", "Hundesteuer", keys=[DOG_TAX])))
    bench.build()
    ((service_id,),) = bench.ask("SELECT id FROM service")
    bench.decide(service_id if " " in name else name, ["ozg:umwelt"])
    assert bench.build().rebuilt
    bench.run(CITY, document(LIST, service("1", "Hundesteuer anmelden", keys=[DOG_TAX])))
    bench.build()
    assert ("ozg:umwelt", "editor", "editor", 0) in bench.ask(ROWS)
    assert {origin for (origin,) in bench.ask("SELECT origin FROM service_situation")} == {"editor"}


def test_a_new_drawer_is_an_event(bench: Bench):
    bench.run(CITY, document(LIST, service("1", "Hundesteuer", keys=[DOG_TAX])))
    bench.build()
    before = " ".join(row[0] for row in bench.ask(ROWS))
    bench.decide(DOG_TAX, ["ozg:umwelt"])
    bench.build()
    after = " ".join(row[0] for row in bench.ask(ROWS))
    events = bench.ask("SELECT kind, field, old, new FROM event WHERE kind <> 'created'")
    assert events == [("recategorised", "situations", before, after)]


def test_unknown_code_unknown_list_and_a_decision_about_nothing_are_findings(bench: Bench):
    bench.decide("gelsenkirchen:weg", ["ozg:umwelt"])
    foreign = Code(list_uri="urn:x", code="7")
    bench.run(CITY, document(LIST, birth("1", "9990000"), service("2", situations=(foreign,))))
    bench.build()
    assert rules(bench) == [
        ("situations.override-gone", "gelsenkirchen:weg"),
        ("situations.unknown-category", "urn:x#7"),
        ("situations.unknown-code", f"{PVLAGEN}#9990000"),
    ]


def test_a_finding_is_told_once_with_its_count_and_keeps_its_date(bench: Bench):
    bench.run(CITY, document(LIST, birth("1", "9990000"), birth("2", "9990000")))
    bench.build()
    query = "SELECT message LIKE '%(2x)', first_seen_at FROM finding WHERE rule = 'situations.unknown-code'"
    ((twice, since),) = bench.ask(query)
    bench.run(CITY, document(LIST, birth("1", "9990000"), birth("2", "9990000"), birth("3")))
    assert bench.build().rebuilt
    assert twice
    assert bench.ask(query) == [(1, since)]


def test_findings_stay_while_no_service_changes(bench: Bench):
    bench.run(CITY, document(LIST, birth("1", "9990000")))
    bench.build()
    before = rules(bench)
    assert not bench.build().rebuilt
    assert rules(bench) == before != []


def test_source_and_key_that_disagree_are_a_finding_about_the_service(bench: Bench):
    bench.run(CITY, document(LIST, birth("1", keys=[DOG_TAX])))
    bench.build()
    ((service_id,),) = bench.ask("SELECT id FROM service")
    assert ("situations.conflict", service_id) in rules(bench)


def test_citizens_words_and_the_map_are_there_to_be_read(bench: Bench):
    bench.run(CITY, document(LIST, service("1")))
    bench.build()
    assert ("Eheschließung",) in bench.ask("SELECT expansion FROM synonym WHERE term = 'heirat'")
    assert bench.ask("SELECT count(*) > 400 FROM synonym") == [(1,)]
    assert bench.ask("SELECT count(*) FROM taxonomy") == [(3,)]
    assert bench.ask("SELECT count(*) FROM situation_map WHERE origin = ''") == [(0,)]
