import pytest

pytest.importorskip("sklearn", reason="the training stack is the development extra `train`")

from harvester.situations.evidence import Evidence
from harvester.situations.samples import Sample
from harvester.situations.text import load_model, write_model
from harvester.situations.train import fit
from harvester.situations.words import make_words

SAMPLES = [
    Sample(f"{word} {what}", lage, "written", ozg)
    for word, lage, ozg in (("Hundesteuer", "a.x", "1"), ("Führerschein", "b.y", "2"), ("Bauantrag", "c.z", "3"))
    for what in ("Anmeldung", "Abmeldung", "Bescheinigung", "Ersatz", "online")
]


def test_a_trained_model_knows_its_words_again_after_it_was_written(tmp_path):
    trained = fit(SAMPLES)
    file = tmp_path / "model.bin"
    write_model(file, trained.head, [(part.names, part.body) for part in trained.parts])
    model = load_model(file, make_words([("Lappen", ["Führerschein"])]))
    guesses = {
        title: model.classify(Evidence(title)).fields[0][0]
        for title in ("Hundesteuermarke", "Fuehrerscheine", "Bauantraege", "Lappen")
    }
    assert guesses == {"Hundesteuermarke": "a", "Fuehrerscheine": "b", "Bauantraege": "c", "Lappen": "b"}


def test_the_same_samples_give_the_same_model():
    assert [part.body for part in fit(SAMPLES).parts] == [part.body for part in fit(SAMPLES).parts]
