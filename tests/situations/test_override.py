import pytest

from harvester.situations.override import read_overrides, unused_overrides
from harvester.situations.taxonomy import Taxonomy, make_taxonomy

LIST = [
    {"code": "1", "name": "eins", "parent": ""},
    {"code": "2", "name": "zwei", "parent": "", "retired": "2026-01-01", "successor": "1"},
    {"code": "3", "name": "drei", "parent": "", "retired": "2026-01-01"},
]
SITUATIONS = make_taxonomy(Taxonomy("t", "Test", "urn:test", "1"), LIST)[0].situations


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        file = tmp_path / "test.yml"
        file.write_text(text, encoding="utf-8")
        found, findings = read_overrides([file], SITUATIONS)
        return found, [finding.rule for finding in findings]

    return read_text


def entry(service, situations):
    return f'- {{service: "{service}", situations: {situations}, because: weil es so besser ist, by: Redaktion, date: 2026-11-23}}\n'


def test_a_decision_is_read_with_its_reason(read):
    found, rules = read(entry("S1", '["t:1"]'))
    assert rules == []
    assert (found["S1"].situations, found["S1"].because) == (("t:1",), "weil es so besser ist")


def test_a_decision_without_a_reason_is_a_finding(read):
    assert read('- {service: S1, situations: ["t:1"], because: "", by: R, date: 2026-11-23}') == (
        {},
        ["situations.override-invalid"],
    )


def test_an_unknown_situation_is_a_finding_and_the_known_ones_count(read):
    found, rules = read(entry("S1", '["t:9", "t:1"]') + entry("S2", '["t:9"]'))
    assert {name: override.situations for name, override in found.items()} == {"S1": ("t:1",)}
    assert rules == ["situations.unknown-code", "situations.unknown-code"]


def test_a_retired_situation_is_replaced_by_its_successor_or_left_out(read):
    found, rules = read(entry("S1", '["t:2", "t:3"]'))
    assert found["S1"].situations == ("t:1",)
    assert rules == ["situations.retired", "situations.retired"]


def test_of_two_decisions_about_a_service_the_first_counts(read):
    found, rules = read(entry("S1", '["t:1"]') + entry("S1", "[]"))
    assert found["S1"].situations == ("t:1",)
    assert rules == ["situations.override-twice"]


@pytest.mark.parametrize("text", ["a: b", "- [", "\t- x", "- 7"])
def test_a_file_that_is_no_list_of_decisions_is_a_finding(read, text):
    assert read(text) == ({}, ["situations.override-invalid"])


def test_an_empty_file_decides_nothing(read):
    assert read("") == ({}, [])


def test_a_decision_about_a_service_that_is_gone_is_a_finding(read):
    found, _ = read(entry("S1", '["t:1"]') + entry("S2", '["t:1"]'))
    findings = unused_overrides(found, {"S2"})
    assert [(f.rule, f.entity_id) for f in findings] == [("situations.override-gone", "S1")]
