"""Texts are compared word by word."""

from hypothesis import given
from hypothesis import strategies as st

from harvester.view.words import compare_words

_TEXTS = st.text("ab ,.€ü", max_size=30)


@given(_TEXTS, _TEXTS)
def test_the_pieces_make_up_both_texts(old, new):
    pieces = compare_words(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


def test_only_the_words_that_changed_are_marked():
    assert compare_words("Es kostet 5 Euro.", "Es kostet 6 Euro.") == (
        ("same", "Es kostet "),
        ("gone", "5"),
        ("new", "6"),
        ("same", " Euro."),
    )


def test_a_very_long_text_is_replaced_as_a_whole():
    old, new = "wort " * 4000, "anders " * 4000
    assert compare_words(old, new) == (("gone", old), ("new", new))
