"""A JSON pointer leads to the bytes that the json module reads there."""

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.explain import LocatorError, excerpt
from harvester.explain.json_place import locate_json
from harvester.explain.window import Window

texts = st.one_of(st.text(max_size=8), st.sampled_from(['"', '\\"]', "a/b~c", "{[", "~1", "ü€😀", "", "0"]))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=20,
)


def places(value, pointer=""):
    yield pointer, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, f"{pointer}/{index}")


def raw_at(data, pointer, chunk):
    place = locate_json(Window(BytesIO(data), keep=4, chunk=chunk), pointer)
    return data[place.start : place.find_end()]


@given(values, st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
def test_every_value_is_found_where_json_sees_it(value, chunk, indent, escaped):
    data = json.dumps(value, indent=indent, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    for pointer, inner in places(value):
        raw = raw_at(data, pointer, chunk)
        assert raw == raw.strip()
        assert json.loads(raw) == inner


def test_a_string_keeps_its_quotes_and_escapes():
    found = excerpt(BytesIO(b'{"data": [1, {"na/me": "Stra\\u00dfe"}]}'), "/data/1/na~1me")
    assert found.value == b'"Stra\\u00dfe"'
    assert found.before == b'{"data": [1, {"na/me": '


@pytest.mark.parametrize(
    ("locator", "matched", "why"),
    [
        ("/data/2", "/data", "shorter than 3"),
        ("/data/01", "/data", "no index"),
        ("/data/-", "/data", "no index"),
        ("/data/0/x", "/data/0", "neither"),
        ("/nichts/0", "", "no member 'nichts'"),
    ],
)
def test_a_pointer_that_leads_nowhere_says_how_far_it_led(locator, matched, why):
    with pytest.raises(LocatorError, match=why) as caught:
        excerpt(BytesIO(b'{"data": [1, 2]}'), locator)
    assert caught.value.matched == matched


@pytest.mark.parametrize(
    "data", [b"", b'{"a', b'{"a": [', b'{"a": "x', b'{"b": [1, "]", {}', b'{"b" 1}', b"{a: 1}", b'{"b":}']
)
def test_a_document_that_is_broken_on_the_way_is_told(data):
    with pytest.raises(LocatorError, match="not JSON"):
        excerpt(BytesIO(data), "/a")


def test_a_string_longer_than_memory_needs_is_passed_in_pieces():
    data = b'{"lang": "' + b'\\"x' * 2_000_000 + b'", "a": 1}'
    window = Window(BytesIO(data), keep=4, chunk=1000)
    place = locate_json(window, "/a")
    assert data[place.start : place.find_end()] == b"1"
    assert len(window.data) < 10_000
