import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.data import data_file
from harvester.situations.evaluate import evaluate_file
from harvester.situations.evidence import Evidence
from harvester.situations.features import read_laws, word_features, words_of
from harvester.situations.fold import fold
from harvester.situations.text import load_model, read_model, write_model
from harvester.situations.weights import Scale, Weights
from harvester.situations.words import make_words

HERE = Path(__file__).parent


def test_a_feature_adds_its_weight_over_the_length_of_the_text():
    # Two classes and the length; bytes are 128 + weight, the text's scale is 0.1 and a length byte is worth 1.
    weights = Weights([0.5, -0.5], Scale(0.1, 1.0, 1.0), ["=ab", " a"], bytes([138, 118, 9, 128, 138, 16]))
    assert weights.scores(["ab"], []) == pytest.approx([0.5 + 10 * 0.1 / 5, -0.5 + 0 * 0.1 / 5])


def test_features_beside_the_text_count_as_they_are():
    weights = Weights([0.0, 0.0], Scale(0.1, 0.5, 1.0), ["#g102"], bytes([130, 120, 0]))
    assert weights.scores([], ["#g102", "#unknown"]) == pytest.approx([1.0, -4.0])


def test_rows_that_do_not_fit_the_names_are_refused():
    with pytest.raises(ValueError, match="5 bytes do not make 2 rows"):
        Weights([0.0, 0.0], Scale(1, 1, 1), ["a", "b"], b"12345")


def test_a_model_is_read_as_it_was_written(tmp_path):
    head = {"fields": ["a", "b"], "lagen": ["a.x", "b.y"], "parts": [{"bias": [0, 0, 0, 0], "scale": [1, 1, 1]}] * 2}
    head["calibration"] = [
        {"field_heat": 1, "lage_heat": 1, "lage_share": 0.5, "field_help": 0, "heat": 1, "threshold": 0.6}
    ] * 2
    row = bytes([138, 118, 138, 118, 1])
    file = tmp_path / "model.bin"
    write_model(file, head, [(["=auto"], row), (["=auto"], row)])
    guess = load_model(file, make_words([])).classify(Evidence("Auto"))
    assert (guess.fields[0][0], guess.lagen[0][0], guess.sure) == ("a", "a.x", True)
    whole = file.read_bytes()
    for damaged in (whole[:-1], b"x" + whole, b""):
        file.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"python -m harvester\.situations\.train"):
            load_model(file, make_words([]))


@given(st.text(max_size=200))
def test_any_text_gives_probabilities(text):
    guess = read_model().classify(Evidence(text))
    assert sum(p for _, p in guess.fields) == pytest.approx(1)
    assert sum(p for _, p in guess.lagen) == pytest.approx(1)
    assert guess.fields[0][1] == max(p for _, p in guess.fields)


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_parts_of_compounds_are_shared():
    assert len(set(word_features("hundesteuermarke")) & set(word_features("hundesteuer"))) > 30
    assert words_of("Der Hund und die Steuer") == ("hund", "steuer")


def test_laws_are_read_from_their_links():
    links = "https://www.gesetze-im-internet.de/bgb/__1796.html http://www.gesetze-im-internet.de/aufenthg_2004/ https://example.org/bgb/__1.html"
    assert read_laws(links) == ("aufenthg", "bgb:1796")


def test_the_model_is_small_and_knows_14_fields_and_55_lagen():
    assert data_file("situations/model.bin").stat().st_size < 5_000_000
    assert (len(read_model().fields), len(read_model().lagen)) == (14, 55)


def titles(file, column):
    with file.open(encoding="utf-8", newline="") as lines:
        return {fold(row[column]) for row in csv.DictReader(lines)}


@pytest.mark.parametrize("name", ["munich.csv", "citizens.csv"])
def test_no_title_of_the_test_sets_was_trained_on_as_written(name):
    assert titles(HERE / name, "title") & titles(data_file("situations/titles.csv"), "title") == set()


@pytest.mark.parametrize(
    ("name", "least", "top1", "top2"), [("munich.csv", 132, 0.95, 0.98), ("citizens.csv", 150, 0.80, 0.90)]
)
def test_citizens_wording_is_understood(knowledge, name, least, top1, top2):
    figures = evaluate_file(HERE / name, "title", "fields", knowledge.model, knowledge.taxonomies["ozg"])
    assert figures.asked >= least
    assert (figures.top1 >= top1, figures.top2 >= top2) == (True, True), figures
