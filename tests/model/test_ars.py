"""The regional key: twelve digits of text, whose parts name the regions around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from harvester.model import BUND, Ars, Level

GELSENKIRCHEN = Ars("055130000000")
RECKLINGHAUSEN = Ars("055620032032")
KEYS = st.text(alphabet="0123456789", min_size=12, max_size=12).map(Ars)


@pytest.mark.parametrize(
    "wrong",
    ["", "05513", "0551300000000", "05513000000x", " 55130000000", "05513000000²", "٠٥٥١٣٠٠٠٠٠٠٠", "-55130000000"],
)
def test_a_key_is_exactly_twelve_ascii_digits(wrong):
    with pytest.raises(ValueError, match="not a regional key"):
        Ars(wrong)


def test_pydantic_takes_text_only_for_a_number_has_lost_its_zeros():
    keys = TypeAdapter(Ars)
    assert type(keys.validate_python("055130000000")) is Ars
    assert keys.json_schema() == {"type": "string", "pattern": "^[0-9]{12}$"}
    for wrong in (55130000000, "5513", None):
        with pytest.raises(ValidationError):
            keys.validate_python(wrong)


@pytest.mark.parametrize(
    ("key", "level"),
    [
        (BUND, Level.BUND),
        ("050000000000", Level.LAND),
        ("055620000000", Level.KREIS),
        (GELSENKIRCHEN, Level.KREIS),  # a kreisfreie Stadt has the key of its Kreis
        (RECKLINGHAUSEN, Level.KOMMUNE),
        ("010510044000", Level.KOMMUNE),
    ],
)
def test_the_digits_tell_the_level(key, level):
    assert Ars(key).level is level


def test_levels_are_ranked_from_the_general_to_the_specific():
    assert [level.rank for level in (Level.BUND, Level.LAND, Level.KREIS, Level.KOMMUNE)] == [0, 1, 2, 3]


def test_parents_go_from_the_nearest_to_the_bund():
    assert RECKLINGHAUSEN.parents == ("055620032000", "055620000000", "050000000000", BUND)
    assert GELSENKIRCHEN.parents == ("050000000000", BUND)
    assert Ars("050000000000").parents == (BUND,)
    assert BUND.parents == ()


@given(KEYS)
def test_every_region_but_the_bund_ends_in_the_bund_and_is_not_its_own_parent(key):
    parents = key.parents
    assert key not in parents
    assert len(set(parents)) == len(parents)
    assert (parents[-1:] == (BUND,)) is (key != BUND)


@given(KEYS)
def test_a_parents_parents_are_among_ones_own(key):
    for parent in key.parents:
        assert set(parent.parents) <= set(key.parents)


@pytest.mark.parametrize(
    ("short", "key"),
    [
        ("05", "050000000000"),
        ("055", "055000000000"),
        ("05513", GELSENKIRCHEN),
        (" 05562 ", "055620000000"),
        ("055620032", "055620032000"),
        ("055620032032", RECKLINGHAUSEN),
        ("0", BUND),
        ("00000000", BUND),
    ],
)
def test_short_keys_are_filled_up_with_zeros(short, key):
    assert Ars.padded(short) == key


@pytest.mark.parametrize("wrong", ["", "  ", "5", "0551", "05562032", "0556200320321", "NRW", "²²"])
def test_what_names_no_region_is_not_filled_up(wrong):
    """05562032 is the municipal key (AGS) of Recklinghausen: with zeros at its end it would be another region."""
    with pytest.raises(ValueError, match="not a regional key"):
        Ars.padded(wrong)


def test_the_municipal_key_leaves_the_verband_out():
    assert RECKLINGHAUSEN.ags == "05562032"
    assert GELSENKIRCHEN.ags == "05513000"
