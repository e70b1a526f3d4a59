import csv

import pytest

from harvester.data import data_file
from harvester.situations import read_words
from harvester.situations.fold import fold
from harvester.situations.words import make_words


def rows(name):
    with data_file(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_has_at_least_400_words_each_once():
    words = [fold(row["word"]) for row in rows("words.csv")]
    assert len(words) == len(set(words)) >= 400


def test_every_official_word_occurs_in_an_official_name_or_a_known_title():
    lists = (
        ("ozg_leika.csv", "name"),
        ("ozg_unkeyed.csv", "name"),
        ("ozg_leistungen.csv", "name"),
        ("situations/titles.csv", "title"),
    )
    known = "\n".join(fold(row[column]) for name, column in lists for row in rows(name))
    official = {word for row in rows("words.csv") for part in row["official"].split("|") for word in fold(part).split()}
    assert {word for word in official if word not in known} == set()


def test_no_word_stands_for_itself():
    assert [row for row in rows("words.csv") if fold(row["word"]) in map(fold, row["official"].split("|"))] == []


@pytest.mark.parametrize(
    ("citizen", "official"),
    [
        ("Heirat", "Eheschließung"),
        ("Müll", "Abfall"),
        ("Knöllchen", "Verwarnungsgeld"),
        ("umziehen", "Wohnsitz"),
        ("Perso", "Personalausweis"),
    ],
)
def test_citizens_words_lead_to_official_ones(citizen, official):
    assert official in read_words().expand(citizen)


def test_umlauts_may_be_spelled_out():
    assert read_words().expand("Muell") == read_words().expand("Müll")


def test_the_longest_entry_wins():
    words = make_words([("Hund", ["Tier"]), ("Hund anmelden", ["Hundesteuer"])])
    assert words.expand("Hund anmelden oder Hund") == ("Hundesteuer", "Tier")


def test_words_that_need_no_help_are_passed_over():
    words = make_words([("Heirat", ["Eheschließung"]), ("Müll", ["Abfall"])])
    assert words.expand("Müll bei der Heirat", {"muell", "bei", "der"}) == ("Eheschließung",)


def test_a_text_without_citizens_words_has_no_expansion():
    assert read_words().expand("Xyz") == read_words().expand("") == ()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bürger*innen", "buergerinnen"),
        ("Schüler(innen)", "schuelerinnen"),
        ("Asylbewerber:in", "asylbewerberin"),
        ("Straße – Café", "strasse cafe"),
        ("  §§ 16g,\u00a0AufenthG ", "16g aufenthg"),
        ("", ""),
    ],
)
def test_one_spelling_for_all(text, folded):
    assert fold(text) == folded
