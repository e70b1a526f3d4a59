"""Keys by matching in the catalogue: beside those of sources, never instead of them, and with their evidence."""

from harvester.model import Link, LinkRole
from tests.build import NRW, Bench, document, service, source

CITY = source()
LAND = source("nrw", level="land", region=NRW)
LIST = "https://stadt.example/list"
PAGE = "https://stadt.example/buergerservice/535"
KEYS = "SELECT s.title, k.leika_key, k.origin FROM service_key k JOIN service s ON s.id = k.service_id ORDER BY 1, 2"
DECISIONS = "SELECT s.title, m.decision, m.rule FROM key_match m JOIN service s ON s.id = m.service_id ORDER BY 1"


def test_a_page_that_an_official_record_links_to_gets_its_key(bench: Bench):
    linked = Link(url=PAGE, role=LinkRole.INFORMATION)
    bench.run(CITY, document(LIST, service("1", "Bürgerservice 535", page=PAGE)))
    bench.run(
        LAND,
        document(
            "https://land.example/list", service("2", "Wohnsitz anmelden", keys=["99115005104000"], links=(linked,))
        ),
    )
    bench.build()
    assert ("Bürgerservice 535", "99115005104000", "matched") in bench.ask(KEYS)
    assert bench.ask(DECISIONS) == [("Bürgerservice 535", "assigned", "matching/link")]


def test_a_key_of_the_source_stays_the_only_one(bench: Bench):
    bench.run(CITY, document(LIST, service("1", "Hundesteuer", keys=["99050012104000"])))
    bench.build()
    assert bench.ask(KEYS) == [("Hundesteuer", "99050012104000", "source")]
    assert bench.ask(DECISIONS) == []


def test_the_catalogue_does_not_depend_on_the_order_of_sources(bench: Bench):
    bench.run(CITY, document(LIST, service("1", "Hundesteuer"), service("2", "Hallenbad"), service("3", "Wohngeld")))
    bench.build()
    first = bench.ask("SELECT * FROM key_match ORDER BY service_id")
    bench.run(CITY, document(LIST, service("3", "Wohngeld"), service("2", "Hallenbad"), service("1", "Hundesteuer")))
    bench.build()
    assert bench.ask("SELECT * FROM key_match ORDER BY service_id") == first


def test_an_editors_decision_beats_every_rule(bench: Bench, monkeypatch, tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "stadt.yml").write_text(
        '- {service: "gelsenkirchen:1", leika_keys: ["99067004001000"], because: Es ist der Jagdschein., by: R, date: 2026-11-23}\n',
        encoding="utf-8",
    )
    monkeypatch.setattr("harvester.editorial.data_file", lambda name: tmp_path / name)
    bench.run(CITY, document(LIST, service("1", "Hundesteuer")))
    bench.build()
    assert bench.ask(KEYS) == [("Hundesteuer", "99067004001000", "matched")]
    assert bench.ask(DECISIONS) == [("Hundesteuer", "assigned", "matching/editor")]


SITUATIONS = (
    "SELECT x.situation_id, x.origin, x.rule, x.confidence FROM service_situation x JOIN service s ON s.id = x.service_id"
    " WHERE s.title = ? AND x.situation_id LIKE 'ozg:%' AND x.rank = 0"
)


def test_a_service_that_got_a_key_is_sorted_by_it_less_surely_than_by_one_of_the_source(bench: Bench):
    page = "https://stadt.example/buergerservice/691"
    linked = Link(url=page, role=LinkRole.INFORMATION)
    bench.run(CITY, document(LIST, service("1", "Bürgerservice 691", page=page)))
    bench.run(
        LAND, document("https://land.example/list", service("2", "Jagd", keys=["99067004001000"], links=(linked,)))
    )
    bench.build()
    ((situation, origin, rule, confidence),) = bench.ask(SITUATIONS.replace("?", "'Bürgerservice 691'"))
    ((stated, _, plain, sure),) = bench.ask(SITUATIONS.replace("?", "'Jagd'"))
    assert (situation, origin, rule) == (stated, "key", f"matched>{plain}")
    assert confidence < sure
