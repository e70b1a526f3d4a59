"""What kind of document is read how."""

import json

import pytest

from harvester.model import DocumentError
from normalizers.xzufi import normalize
from tests.normalizers.reading import records
from tests.normalizers.xzufi.making import message, read, service


def page(xml, **more):
    return json.dumps({"xzufiObjekte": xml, "vollstaendig": True, **more})


def test_index_and_cursor_hold_no_records():
    assert read("a.xml\nb.xml", "index") == []
    assert read("https://dienst.example/?index=7", "cursor") == []


def test_an_unknown_role_is_refused():
    with pytest.raises(DocumentError, match="role 'csv'"):
        read("", "csv")


def test_a_page_is_read_like_the_message_in_it():
    (found,) = read(page(message(service())), "page")
    assert found.locator == "/xzufiObjekte!/*/schreibe[1]/leistung"
    assert found.record == read(message(service()))[0].record


@pytest.mark.parametrize("declared", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_what_a_page_declares_as_its_charset_means_nothing_inside_json(declared):
    xml = f'<?xml version="1.0" encoding="{declared}"?>' + message(service(title="Müll"))
    assert records(read(page(xml), "page"))[0].title == "Müll"


@pytest.mark.parametrize("empty", ["", None, " \n"])
def test_an_empty_page_holds_no_records(empty):
    assert read(page(empty), "page") == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{}", "'xzufiObjekte' is missing"),
        ("[]", "list"),
        ('{"xzufiObjekte": 7}', "number"),
        ('{"xzufiObjekte": "<a/>"}', "no XZuFi message"),
        ('{"xzufiObjekte": "\\ud800"}', "half a character"),
        ('{"xzufiObjekte": "', "cut off"),
        ("<html/>", "no JSON"),
    ],
)
def test_what_is_no_page_is_refused(body, why):
    with pytest.raises(DocumentError, match=why):
        read(body, "page")


def test_a_message_without_records_is_empty():
    assert read(message()) == []


def test_reading_is_lazy():
    readings = normalize(None, None)
    assert iter(readings) is readings
