"""``harvester situations`` and ``harvester search`` as they are typed."""

import csv
import io
import json

import pytest
import yaml

from harvester.cli import main
from harvester.model import Code
from harvester.situations.override import Override
from tests.build import Bench, document, service, source

CITY = source()
PVLAGEN = "urn:xoev-de:fim:codeliste:pvlagen"
DOG_TAX = "99102013002000"


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    birth = (Code(list_uri=PVLAGEN, code="1010000"),)
    services = (
        service("1", "Hundesteuer festsetzen", keys=[DOG_TAX]),
        service("2", "Qwxyz"),
        service("3", "Hundesteuer befreien", keys=["99102013010000"], situations=birth),
    )
    made.run(CITY, document("https://stadt.example/list", *services))
    made.build()
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "gelsenkirchen.yml").write_text(
        CITY.model_dump_json(exclude_defaults=True), encoding="utf-8"
    )
    yield made
    made.state.close()


@pytest.fixture
def call(bench, capsys):
    def call(*line):
        code = main(["-w", str(bench.root), *line])
        return code, capsys.readouterr().out

    return call


def test_explain_says_where_a_service_lies_and_why(call):
    code, out = call("situations", "explain", "gelsenkirchen:1", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["assignments"][0] | {"name": ""} == {
        "situation": "ozg:engagement_hobby.tierhaltung",
        "name": "",
        "origin": "key",
        "confidence": 0.99,
        "rule": "key.14",
        "rank": 0,
    }
    assert told["keys"] == [{"key": DOG_TAX, "known": "key.14", "record": "Hundesteuer Festsetzung"}]


def test_explain_takes_any_title(call):
    code, out = call("situations", "explain", "Angelschein beantragen")
    assert code == 0
    assert "Engagement & Hobby" in out


def test_explain_shows_an_editors_decision(call, bench):
    bench.decide("gelsenkirchen:1", ["ozg:umwelt"])
    _, out = call("situations", "explain", "gelsenkirchen:1", "--json")
    assert json.loads(out)["assignments"][0]["origin"] == "editor"


def test_a_source_that_is_gone_is_told(call, bench):
    (bench.root / "sources" / "gelsenkirchen.yml").unlink()
    assert call("situations", "explain", "gelsenkirchen:1")[0] == 2


def test_an_unknown_id_is_wrong_use(call):
    assert call("situations", "explain", "gelsenkirchen:99")[0] == 2


def test_review_lists_what_is_unsorted_and_what_disagrees_with_a_decision_to_paste(call):
    code, out = call("situations", "review", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert {row["title"] for row in rows} == {"Qwxyz", "Hundesteuer befreien"}
    for row in rows:
        (entry,) = yaml.safe_load(row["decision"])
        assert Override.model_validate(entry).service == row["service"]


def test_review_tells_people_how_many_there_are(call):
    assert "2 services need a person" in call("situations", "review")[1]


def test_evaluate_measures_a_file_of_titles(call, tmp_path):
    file = tmp_path / "titles.csv"
    file.write_text("name,right\nHundesteuer,engagement_hobby|steuern_zoll\nReisepass,Bildung\n", encoding="utf-8")
    code, out = call("situations", "evaluate", "--csv", str(file), "--column", "name", "--label", "right", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["asked"], told["top1"]) == (2, 0.5)
    assert {"top2", "sure_share", "sure_accuracy", "confusion", "steps"} <= told.keys()


@pytest.mark.parametrize("line", [["--csv", "nirgends.csv"], ["--split", "unfug"]])
def test_evaluate_of_nothing_is_wrong_use(call, line):
    assert call("situations", "evaluate", *line)[0] == 2


def test_search_says_what_was_found_and_what_may_have_been_meant(call):
    code, out = call("search", "Hundestuer", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["meant"] == "Hundesteuer"
    assert {hit["title"] for hit in told["hits"]} == {"Hundesteuer festsetzen", "Hundesteuer befreien"}


def test_search_in_a_region_and_a_situation(call):
    assert call("search", "Hundesteuer", "--region", "Gelsenkirchen", "--situation", "ozg:engagement_hobby")[0] == 0
    assert call("search", "Hundesteuer", "--region", "Herten")[0] == 1
    assert call("search", "Hundesteuer", "--region", "Nirgendwo")[0] == 2
