"""JSON and text that cannot be relied on."""

import pytest

from harvester.model import DocumentError
from normalizers.decoding import read_text
from normalizers.loose_json import escape, items, kind, load, load_object, text, texts
from tests.normalizers.reading import document


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("Straße".encode(), None),
        (b"\xef\xbb\xbf" + "Straße".encode(), None),
        ("Straße".encode(), "iso-8859-1"),
        ("Straße".encode("latin-1"), "ISO-8859-1"),
        ("Straße".encode("cp1252"), "windows-1252"),
        ("Straße".encode("utf-16"), "utf-16"),
    ],
)
def test_text_is_utf8_whatever_the_server_declares_and_then_what_it_declares(body, charset):
    assert read_text(document(body, "x", charset=charset)) == "Straße"


@pytest.mark.parametrize("charset", [None, "utf-8", "klingonisch", "rot13", "unicode_escape"])
def test_bytes_of_no_known_charset_are_told_with_their_place(charset):
    with pytest.raises(DocumentError, match="byte 0xdf at position 4"):
        read_text(document("Straße".encode("latin-1"), "x", charset=charset))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "cut off"),
        ('{"a": [1, 2', "cut off"),
        ('{"a": "b', "cut off"),
        ("<html></html>", "no JSON.*line 1, column 1"),
        ('{"a":\n nein}', "no JSON.*line 2, column 2"),
        ("[" * 100_000, "beyond all bounds|cut off"),
        ('{"a": ' + "9" * 5000 + "}", "beyond all bounds"),
    ],
)
def test_broken_json_is_told_with_its_place(body, why):
    with pytest.raises(DocumentError, match=why):
        load(document(body, "x"))


@pytest.mark.parametrize(
    ("body", "what"),
    [("[]", "a list"), ("null", "null"), ("1", "a number"), ("true", "a boolean"), ('"a"', "a text")],
)
def test_a_document_that_has_to_be_an_object_says_what_it_is_instead(body, what):
    with pytest.raises(DocumentError, match=f"holds {what} where an object belongs"):
        load_object(document(body, "x"))


def test_the_kind_of_an_object_has_a_name_too():
    assert kind({}) == "an object"


def test_half_surrogates_do_not_get_further_than_the_reader():
    assert text("a\ud800b") == "a\ufffdb"
    assert text("\ud83d\ude00") == "\U0001f600"


def test_numbers_are_texts_and_booleans_are_none():
    assert [text(value) for value in (17, 1.5, True, False, None, [], {})] == ["17", "1.5", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([1, None], [("/a/0", 1), ("/a/1", None)]),
        ({"b": 1}, [("/a", {"b": 1})]),
        ("b", [("/a", "b")]),
        (0, [("/a", 0)]),
        (None, []),
        ("", []),
        ({}, []),
        (False, []),
        ([], []),
    ],
)
def test_a_single_value_counts_as_a_list_of_one(value, found):
    assert list(items(value, "/a")) == found


def test_texts_leave_out_what_is_empty():
    assert list(texts(["a", " ", None, 3], "/a")) == [("/a/0", "a"), ("/a/3", "3")]


def test_keys_in_pointers_are_escaped():
    assert escape("a/b~c") == "a~1b~0c"
