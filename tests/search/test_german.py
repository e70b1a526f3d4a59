"""German words as search compares them."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from harvester.catalogue.german import canonical, edges_of, forms_of, parts_of, stems_of

PARTS = [
    "anmeld",
    "bescheinig",
    "genehmig",
    "veränder",
    "ausweis",
    "führerschein",
    "steuer",
    "wohn",
    "gewerb",
    "befrei",
    "erlaub",
    "zulass",
]


@pytest.mark.parametrize(
    "words",
    [
        "führerschein führerscheine fuehrerschein fuhrerschein",
        "reisepass reisepässe reisepaesse",
        "straße strasse strassen straßen",
        "haus häuser haeuser",
        "anmelden anmeldung",
        "ändern änderung aendern",
        "umziehen umzug",
        "verlieren verloren verlust",
        "beantragen antrag",
        "hund hunde hunden",
    ],
)
def test_inflections_and_spellings_meet(words):
    assert len({canonical(word) for word in words.split()}) == 1


def test_different_words_stay_apart():
    assert len({canonical(word) for word in ("steuer", "feuer", "neu", "bauen", "pass", "ausweis", "auto")}) == 7


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("hundesteuermarke", ["hund", "steu", "mark"]),
        ("bewohnerparkausweis", ["bewohn", "park", "ausweis"]),
        ("geburtsurkunden", ["geburt", "urkund"]),
        ("kitaplätze", ["kita", "platz"]),
    ],
)
def test_compounds_have_parts(word, parts):
    assert list(parts_of(word)) == parts


@pytest.mark.parametrize(
    "word", ["anmeldung", "bescheinigung", "beratung", "genehmigung", "ausweis", "steuer", "a", ""]
)
def test_other_words_have_none(word):
    assert parts_of(word) == ()


def test_a_word_is_found_by_its_parts_small_and_large():
    assert {"hundesteu", "hund", "steu", "mark"} <= forms_of("hundesteuermarke")


def test_an_unknown_compound_is_known_by_its_ends():
    assert "mull" in edges_of("müllqwertz")


def test_numbers_stay():
    assert stems_of("Pflegegrad 3, SGB II") == (canonical("pflegegrad"), "3", canonical("sgb"), canonical("ii"))


def test_threads_do_not_take_each_others_words():
    words = [
        f"{begin}{end}"
        for begin in PARTS
        for end in ("ungen", "lichkeiten", "erinnen", "isch", "en", "ern", "heit", "st")
    ]
    canonical.cache_clear()
    alone = {word: canonical(word) for word in words}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            canonical.cache_clear()
            with ThreadPoolExecutor(8) as pool:
                assert dict(zip(words, pool.map(canonical, words), strict=True)) == alone
    finally:
        sys.setswitchinterval(before)
