"""Excerpts: offsets, surroundings, limits, encodings, and documents inside documents."""

import json
from io import BytesIO

import pytest

from harvester.explain import LocatorError, excerpt


def test_offsets_count_from_the_first_byte_even_of_a_byte_order_mark():
    data = b"\xef\xbb\xbf<r><a>\xc3\xbc</a></r>"
    found = excerpt(BytesIO(data), "/*/a")
    assert data[found.start : found.end] == found.value == b"\xc3\xbc"
    assert found.transcoded_from == ""


@pytest.mark.parametrize("charset", ["iso8859-1", "utf-16", "cp1252"])
def test_another_encoding_is_transcoded_and_said(charset):
    text = f'<?xml version="1.0" encoding="{charset}"?><r><ä k="ö">Müller</ä></r>'
    found = excerpt(BytesIO(text.encode(charset)), "/*/ä")
    assert text.encode()[found.start : found.end] == found.value == "Müller".encode()
    assert found.transcoded_from == charset


def test_what_is_known_from_outside_is_believed_before_the_declaration():
    data = "<?xml version='1.0' encoding='ascii'?><r>ü</r>".encode("latin-1")
    assert excerpt(BytesIO(data), "/*", charset="latin-1").value == "ü".encode()


def test_an_encoding_that_does_not_exist_is_told():
    with pytest.raises(LocatorError, match="klingonisch"):
        excerpt(BytesIO(b"<r/>"), "/*", charset="klingonisch")


def test_a_value_longer_than_the_limit_is_cut_but_its_end_is_told():
    data = b"<r><a>" + b"x" * 3_000_000 + b"</a>!</r>"
    found = excerpt(BytesIO(data), "/*/a", around=5, limit=10)
    assert (found.start, found.end, found.truncated) == (6, 3_000_006, True)
    assert (found.before, found.value, found.after) == (b"r><a>", b"x" * 10, b"</a>!")


def test_xml_inside_json_is_cut_from_the_decoded_text():
    xml = '<?xml version="1.0" encoding="UTF-16"?><r><s>1</s><s>Größe</s></r>'
    page = json.dumps({"xzufiObjekte": xml, "vollstaendig": True}).encode()
    found = excerpt(BytesIO(page), "/xzufiObjekte!/*/s[2]")
    assert (found.value, found.inside) == ("Größe".encode(), "/xzufiObjekte")
    assert xml.encode()[found.start : found.end] == found.value


def test_documents_may_be_nested_deeper():
    inner = json.dumps({"a": "<x>1</x>"}).replace("<", "&lt;")
    found = excerpt(BytesIO(f"<r>{inner}</r>".encode()), "/*!/a!/*")
    assert (found.value, found.inside) == (b"1", "/*!/a")


@pytest.mark.parametrize(
    ("locator", "matched", "why"),
    [
        ("/x!/*/b", "/x!/*", "no b"),
        ("/y!/*/b", "", "no member 'y'"),
        ("/n!/*", "", "not a text"),
    ],
)
def test_a_place_inside_that_leads_nowhere_says_how_far_it_led(locator, matched, why):
    with pytest.raises(LocatorError, match=why) as caught:
        excerpt(BytesIO(b'{"x": "<r><a/></r>", "n": 7}'), locator)
    assert (caught.value.locator, caught.value.matched) == (locator, matched)


def test_an_exclamation_mark_may_belong_to_a_name():
    assert excerpt(BytesIO(b'{"Achtung!": 1}'), "/Achtung!").value == b"1"
    assert excerpt(BytesIO(b"A|B!\n1|2"), "row[1]/B!").value == b"2"
