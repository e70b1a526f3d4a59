"""Text from strangers in one harmless line: the short way for most texts says the same as the long one."""

import sys

import pytest

from harvester.plain import _cleaned, plain


def test_no_printable_character_steers_or_is_white_space_but_the_blank():
    printable = (sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isprintable())
    assert [sign for sign in printable if _cleaned(f"a{sign}b") != f"a{sign}b"] == []


@pytest.mark.parametrize("text", ["", " ", "a  b", " a b ", "a\tb\nc", "a\u202eb", "a\u00a0 b", "Bürgerbüro"])
def test_short_and_long_way_agree(text):
    assert plain(text) == _cleaned(text)
