"""Different wordings of the same thing share units."""

import pytest

from harvester.matching.vocabulary import Vocabulary, stem

NAMES = [
    "Gewerbe Anmeldung",
    "Hundesteuer",
    "Steuer",
    "Taxigenehmigung",
    "Personenstandsurkunde",
    "Parkausweis",
    "Wohngeld",
]


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary(NAMES)


def test_verb_and_noun_fall_together():
    assert stem("anmelden") == stem("anmeldung") == stem("anmeldungen")


def test_a_compound_has_its_known_parts(vocabulary: Vocabulary):
    assert vocabulary.units("Gewerbeanmeldung") == {"gewerbeanmeld": 1.0, "gewerb": 0.6, "anmeld": 0.6}


def test_neighbours_that_the_list_writes_as_one_word_are_that_word(vocabulary: Vocabulary):
    assert vocabulary.units("Wohn-Geld")[stem("wohngeld")] == 1.0


def test_an_unknown_word_means_the_known_one_spelt_almost_like_it(vocabulary: Vocabulary):
    counts = dict.fromkeys([stem("hundesteuer"), stem("parkausweis")], 1)
    assert [known for known, _ in vocabulary.near("hundesteur", counts)] == [stem("hundesteuer")]


def test_a_word_is_found_at_the_beginning_of_a_compound(vocabulary: Vocabulary):
    found = dict(vocabulary.near("taxi", {stem("taxigenehmigung"): 1}))
    assert 0 < found[stem("taxigenehmigung")] < 1
