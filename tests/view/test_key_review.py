"""The list of services whose key a person has to decide."""

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harvester.view.key_review import read_cases, write_csv

EVIDENCE = json.dumps([{"told_de": "Der Titel entspricht zu 70 %."}])
OTHERS = json.dumps([{"leika_key": "99067004000000", "name": "Jagdschein", "share": 0.2}])


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables that the list reads, with a case in doubt and one that was assigned."""
    file = tmp_path / "catalogue.db"
    with closing(sqlite3.connect(file)) as db:
        db.executescript(
            """
            CREATE TABLE service (id, title, source_id);
            CREATE TABLE service_source (service_id, source_id, remote_id, url);
            CREATE TABLE key_match (service_id, decision, rule, leika_keys, digits, score, reason, evidence, alternatives);
            INSERT INTO service VALUES ('s1', '=Hund', 'stadt'), ('s2', 'Wohngeld', 'stadt');
            INSERT INTO service_source VALUES ('s1', 'stadt', '/535', 'https://stadt.example/535'), ('s2', 'stadt', '/1', '');
            """
        )
        row = "INSERT INTO key_match VALUES (?, ?, 'matching/text', '99102013000000', 8, 0.6, 'Nur zu 60 % sicher.', ?, ?)"
        db.execute(row, ("s1", "review", EVIDENCE, OTHERS))
        db.execute(row, ("s2", "assigned", EVIDENCE, OTHERS))
        db.commit()
    monkeypatch.setattr("harvester.view.key_review.find_published", lambda path: path)
    return file


def test_only_what_is_in_doubt_is_listed_with_the_entry_that_decides_it(catalogue: Path):
    (case,) = read_cases(catalogue)
    assert case.title == "=Hund"
    assert case.alternatives == "99067004000000 Jagdschein (20%)"
    assert '- service: "stadt:/535"' in case.override
    assert 'leika_keys: ["99102013000000"]' in case.override


def test_a_spreadsheet_takes_no_title_for_a_formula(catalogue: Path, tmp_path: Path):
    write_csv(read_cases(catalogue), tmp_path / "keys.csv")
    (row,) = csv.DictReader((tmp_path / "keys.csv").read_text(encoding="utf-8-sig").splitlines())
    assert row["title"] == "'=Hund"


def test_a_catalogue_of_an_older_program_has_no_cases(catalogue: Path):
    with closing(sqlite3.connect(catalogue)) as db:
        db.execute("DROP TABLE key_match")
        db.commit()
    assert read_cases(catalogue) == []
