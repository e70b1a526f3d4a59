"""Editors' decisions: what is readable counts, what is wrong is told."""

from pathlib import Path

from harvester.matching import read_decided

GOOD = """
- service: "stadt:1"
  leika_keys: ["99102013104000"]
  because: Die Seite beschreibt die Anmeldung.
  by: Redaktion
  date: 2026-11-23
"""


def read(tmp_path: Path, text: str):
    file = tmp_path / "stadt.yml"
    file.write_text(text, encoding="utf-8")
    return read_decided([file])


def test_a_decision_is_read(tmp_path: Path):
    found, wrong = read(tmp_path, GOOD)
    assert found["stadt:1"].leika_keys == ("99102013104000",)
    assert wrong == []


def test_a_second_decision_for_the_same_service_does_not_count(tmp_path: Path):
    found, wrong = read(tmp_path, GOOD + GOOD.replace("99102013104000", "99050012104000"))
    assert found["stadt:1"].leika_keys == ("99102013104000",)
    assert len(wrong) == 1


def test_a_key_that_is_none_is_told_and_the_rest_counts(tmp_path: Path):
    found, wrong = read(tmp_path, GOOD + GOOD.replace("99102013104000", "4711").replace("stadt:1", "stadt:2"))
    assert list(found) == ["stadt:1"]
    assert "leika_keys" in wrong[0][1]


def test_a_file_that_is_no_yaml_is_told(tmp_path: Path):
    assert "YAML" in read(tmp_path, "[")[1][0][1]
