import pytest

from harvester.errors import UsageError
from harvester.situations.calibrate import Told, sharpest, threshold
from harvester.situations.evaluate import evaluate_file
from harvester.situations.figures import Answer, measure
from harvester.situations.folds import bundle_of, leistung_of, make_folds, variant_of
from harvester.situations.samples import read_samples


def answer(codes, right, probability=0.9, *, sure=True, step="text"):
    return Answer("Titel", tuple(codes), probability, sure, step, right)


def test_figures_count_first_second_and_sure_guesses():
    told = [
        answer("ab", "a"),
        answer("ab", "b", 0.4, sure=False),
        answer("ab", "c"),
        answer("ab", "bx", 0.95, step="key.14"),
    ]
    figures = measure(told)
    assert (figures.asked, figures.top1, figures.top2) == (4, 0.25, 0.75)
    assert (figures.sure_share, figures.sure_accuracy) == (0.75, pytest.approx(1 / 3))
    assert figures.steps == {"text": (3, 1), "key.14": (1, 0)}
    assert figures.confusion == (("b", "a", 2), ("c", "a", 1))
    assert set(figures.as_json()) >= {"top1", "top2", "sure_share", "sure_accuracy", "confusion", "steps"}


def test_no_answers_give_zeros():
    assert measure([]).as_json()["top1"] == 0


@pytest.mark.parametrize("group", [variant_of, leistung_of, bundle_of])
def test_nothing_that_is_asked_about_was_told(group):
    samples = read_samples()
    folds = make_folds(samples, group)
    assert sorted(s.key for fold in folds for s in fold.ask) == sorted(s.key for s in samples if s.kind == "keyed")
    for fold in folds:
        told = {group(s) for s in fold.learn if s.kind == "keyed"}
        assert told.isdisjoint(group(s) for s in fold.ask)
        bundles = {s.ozg_id for s in fold.learn if s.kind == "keyed"}
        assert all(s.ozg_id in bundles or s.kind == "lage" for s in fold.learn)


def test_folds_are_the_same_every_time():
    samples = read_samples()
    assert make_folds(samples, leistung_of) == make_folds(samples, leistung_of)


def test_an_overconfident_model_is_made_milder():
    told = [Told((0.9, 0.1), 0)] * 6 + [Told((0.9, 0.1), 1)] * 4
    assert sharpest(told) == pytest.approx(0.3)


def test_the_threshold_keeps_what_is_right_often_enough():
    told = [Told((0.9, 0.1), 0)] * 19 + [Told((0.8, 0.2), 1)] + [Told((0.6, 0.4), 1)] * 5
    assert threshold(told, 1.0, 0.95) == 0.8
    assert threshold([Told((0.9, 0.1), 1)], 1.0, 0.95) > 1


def test_a_file_is_read_with_codes_or_names_as_labels(tmp_path, knowledge):
    file = tmp_path / "titles.csv"
    file.write_text("t,l\nReisepass,mobilitaet_reisen|Querschnitt\nHeirat, Familie & Kind \n", encoding="utf-8")
    figures = evaluate_file(file, "t", "l", knowledge.model, knowledge.taxonomies["ozg"])
    assert (figures.asked, figures.top1) == (2, 1.0)


@pytest.mark.parametrize(
    ("text", "problem"), [("a,l\nx,umwelt\n", "no column 't'"), ("t,l\nx,Unfug\n", "line 2: 'Unfug'")]
)
def test_a_wrong_file_is_told_with_its_place(tmp_path, knowledge, text, problem):
    file = tmp_path / "titles.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=problem):
        evaluate_file(file, "t", "l", knowledge.model, knowledge.taxonomies["ozg"])
