"""The LeiKa key: fourteen digits that begin with 99, in parts of three."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from harvester.model import LeikaKey

KEYS = st.text(alphabet="0123456789", min_size=12, max_size=12).map(lambda digits: LeikaKey("99" + digits))


@pytest.mark.parametrize(
    "wrong", ["", "99", "98102013104000", "9910201310400", "991020131040000", "9910201310400x", "99٠02013104000"]
)
def test_a_key_is_fourteen_digits_beginning_with_99(wrong):
    with pytest.raises(ValueError, match="not a LeiKa key"):
        LeikaKey(wrong)


@pytest.mark.parametrize(
    "printed",
    [
        "99102013104000",
        "99 102 013 104 000",
        "99.102.013.104.000",
        "99-102-013-104-000",
        "99/102/013/104/000",
        " 99102013104000\n",
        "99\u00a0102\u200b013104000",
    ],
)
def test_a_key_is_read_as_sources_print_it(printed):
    assert LeikaKey.read(printed) == "99102013104000"


def test_reading_makes_no_key_of_something_else():
    with pytest.raises(ValueError, match="not a LeiKa key"):
        LeikaKey.read("LeiKa 99102013104000")


def test_the_parts_are_group_identifier_action_and_detail():
    key = LeikaKey("99102013104005")
    assert (key.group, key.identifier, key.action, key.detail) == ("102", "013", "104", "005")


@pytest.mark.parametrize(
    ("key", "kind"),
    [("99102013000000", "lo"), ("99102013104000", "lov"), ("99102013104005", "lovd"), ("99102013000005", "lovd")],
)
def test_the_last_parts_tell_the_type(key, kind):
    assert LeikaKey(key).kind == kind


def test_the_hierarchy_leads_from_the_key_to_its_object():
    assert LeikaKey("99102013104005").hierarchy == ("99102013104005", "99102013104000", "99102013000000")
    assert LeikaKey("99102013104000").hierarchy == ("99102013104000", "99102013000000")
    assert LeikaKey("99102013000000").hierarchy == ("99102013000000",)


@given(KEYS)
def test_wider_keys_are_of_the_same_object_and_end_in_it(key):
    assert key.hierarchy[0] == key
    assert key.hierarchy[-1].kind == "lo"
    assert {(wider.group, wider.identifier) for wider in key.hierarchy} == {(key.group, key.identifier)}
    assert key.hierarchy[1:] in (key.hierarchy[-1].hierarchy, LeikaKey(key[:11] + "000").hierarchy, ())


def test_pydantic_takes_keys_as_text():
    keys = TypeAdapter(LeikaKey)
    assert type(keys.validate_python("99102013104000")) is LeikaKey
    assert keys.json_schema()["pattern"] == "^99[0-9]{12}$"
    with pytest.raises(ValidationError):
        keys.validate_python(99102013104000)
