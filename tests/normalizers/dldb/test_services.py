"""What a DLDB export says about its services."""

import json
from typing import Any

import pytest

from harvester.model import DocumentError, Module, Organisation, Service
from harvester.registry.options import DldbOptions
from normalizers.dldb import normalize
from tests.normalizers.reading import addresses, context, document, issues, records, rules


def read(*services: Any, language: str = "de", **envelope: Any):
    body = json.dumps({"data": list(services), **envelope})
    return list(normalize(document(body, "services"), context(DldbOptions(language=language))))


def service(**fields: Any) -> Service:
    return records(read({"id": "1", "name": "Hund anmelden", **fields}))[0]


@pytest.mark.parametrize(
    ("field", "value", "module", "html"),
    [
        ("description", "Erste Zeile\r\n\r\nZweite", Module.DESCRIPTION, "Erste Zeile<br>Zweite"),
        ("description", "<p>Erste\nZeile</p>", Module.DESCRIPTION, "<p>Erste Zeile</p>"),
        ("fees", "gebührenfrei", Module.FEES, "gebührenfrei"),
        ("process_time", "2 Wochen", Module.DURATION, "2 Wochen"),
        ("responsibility", "Jedes Amt", Module.COMPETENT_OFFICE, "Jedes Amt"),
        ("requirements", [{"name": "Ausweis"}, "Foto"], Module.DOCUMENTS, "<ul><li>Ausweis</li><li>Foto</li></ul>"),
        ("prerequisites", {"name": "18 Jahre"}, Module.REQUIREMENTS, "<ul><li>18 Jahre</li></ul>"),
        ("onlineprocessing", {"description": "Mit eID"}, Module.PROCEDURE, "Mit eID"),
        ("legal", [{"name": "Satzung"}], Module.LEGAL_BASIS, "<ul><li>Satzung</li></ul>"),
        ("forms", [{"description": "vor Ort"}], Module.FORMS, "<ul><li>vor Ort</li></ul>"),
        ("links", [{"name": "Aushang"}], Module.FURTHER_INFORMATION, "<ul><li>Aushang</li></ul>"),
        ("publications", [{"name": "Faltblatt"}], Module.FURTHER_INFORMATION, "<ul><li>Faltblatt</li></ul>"),
    ],
)
def test_each_field_has_its_module(field, value, module, html):
    assert [(text.module, text.html) for text in service(**{field: value}).texts] == [(module, html)]


@pytest.mark.parametrize(
    "field", ["description", "fees", "requirements", "legal", "forms", "links", "onlineprocessing"]
)
@pytest.mark.parametrize("value", [None, "", False, [], {}, [{"name": "", "link": "", "description": False}]])
def test_empty_fields_of_any_kind_are_no_text(field, value):
    assert service(**{field: value}).texts == ()


@pytest.mark.parametrize(
    ("field", "value", "role"),
    [
        ("legal", [{"name": "§", "link": "https://a.example/"}], "legal"),
        ("forms", [{"name": "F", "link": "https://a.example/"}], "form"),
        ("links", {"name": "L", "link": "https://a.example/"}, "information"),
        ("publications", [{"name": "P", "link": "https://a.example/"}], "information"),
        ("requirements", [{"name": "R", "link": "https://a.example/"}], "information"),
        ("onlineprocessing", {"link": "https://a.example/"}, "apply"),
        ("onlineprocessing", "https://a.example/", "apply"),
        ("appointment", [{"link": "https://a.example/"}], "appointment"),
    ],
)
def test_each_link_has_its_role(field, value, role):
    assert addresses(service(**{field: value}).links) == [(role, "https://a.example/")]


def test_links_of_single_locations_are_no_links_of_the_service():
    place = {"location": "7", "url": "https://a.example/7", "appointment": {"link": "https://a.example/termin/7"}}
    assert service(locations=[place]).links == ()


def test_two_lists_of_one_module_are_one_text():
    found = service(links=[{"name": "Aushang"}], publications=[{"name": "Faltblatt"}]).texts
    assert [text.text for text in found] == ["Aushang\nFaltblatt"]


def test_an_address_with_gaps_is_a_template_and_no_page():
    url = "https://a.example/#/services/{serviceId}"
    found = service(appointment={"link": url}, meta={"url": url}, requirements=[{"name": "R", "link": url}])
    assert [link.template for link in found.links] == [True, True]
    assert found.page == ""
    assert "serviceId" not in found.texts[0].html


@pytest.mark.parametrize(
    ("leika", "keys"),
    [
        ("99050012104000", ("99050012104000",)),
        (["99050012104000", "99 050 012 070 000"], ("99050012104000", "99050012070000")),
        (99050012104000, ("99050012104000",)),
        (None, ()),
        ("", ()),
        ([], ()),
    ],
)
def test_keys_come_as_text_list_or_nothing(leika, keys):
    assert service(leika=leika).leika_keys == keys


@pytest.mark.parametrize(
    ("meta", "envelope", "language"),
    [
        ({"locale": "de"}, {}, "de"),
        ({"locale": "en", "translated": True}, {}, "en"),
        ({"locale": "en", "translated": False}, {}, "de"),
        ({"translated": False}, {"locale": "en_GB"}, "de"),
        ({}, {"locale": "en_GB"}, "en"),
        ({}, {"meta": {"locale": "en"}}, "en"),
        ({}, {}, "fr"),
    ],
)
def test_a_record_that_is_not_translated_is_german(meta, envelope, language):
    found = records(read({"id": "1", "name": "Hund", "meta": meta, "fees": "5"}, language="fr", **envelope))[0]
    assert (found.language, found.texts[0].language) == (language, language)


def test_services_that_cannot_be_booked_in_public_are_services_all_the_same():
    assert service(public=False).title == "Hund anmelden"


def test_numbers_are_identifiers_too():
    assert service(id=17).remote_id == "17"


def test_the_second_service_with_an_identifier_is_an_error():
    readings = read({"id": "1", "name": "Hund"}, {"id": "1", "name": "Katze"})
    assert [it.title for it in records(readings)] == ["Hund"]
    assert [(it.rule, it.locator, it.remote_id) for it in issues(readings, "error")] == [
        ("dldb.same-id", "/data/1/id", "1")
    ]


def test_an_authority_is_one_record_and_needs_a_name():
    offices = [{"id": "9"}, {"id": "7", "name": "Amt", "webinfo": "https://amt.example/{x}"}, {"name": "?"}]
    readings = read(
        {"id": "1", "name": "Hund", "authorities": offices},
        {"id": "2", "name": "Katze", "authorities": [*offices, {"id": "9", "name": "Zweites Amt"}]},
    )
    assert [(it.remote_id, it.name, it.homepage) for it in records(readings, Organisation)] == [
        ("7", "Amt", ""),
        ("9", "Zweites Amt", ""),
    ]
    assert [it.organisations for it in records(readings)] == [("9", "7"), ("9", "7")]


def test_an_authority_beyond_all_bounds_leaves_the_service_alone():
    readings = read({"id": "1", "name": "Hund", "authorities": [{"id": "7", "name": "x" * 1001}]})
    assert len(records(readings)) == 1
    assert rules(readings) == [("error", "dldb.invalid", "/data/0/authorities/0")]


@pytest.mark.parametrize(
    "broken", [None, 1, "Hund", [], {}, {"id": "1"}, {"id": None, "name": "x"}, {"id": "1", "name": "x" * 1001}]
)
def test_a_broken_service_is_an_error_and_the_others_go_on(broken):
    readings = read(broken, {"id": "2", "name": "Katze"})
    assert [it.remote_id for it in records(readings)] == ["2"]
    assert len(issues(readings, "error")) == 1


def test_an_unknown_field_is_told_once():
    readings = read({"id": "1", "name": "Hund", "neu": 1}, {"id": "2", "name": "Katze", "neu": 2})
    assert rules(readings) == [("info", "dldb.unknown-field", "/data/0/neu")]


@pytest.mark.parametrize(
    ("envelope", "found"),
    [
        ({"datacount": 1}, []),
        ({"datacount": "1"}, []),
        ({"meta": {"datacount": 1}}, []),
        ({"datacount": 2}, [("warning", "dldb.count", "/data")]),
        ({"datacount": -1}, []),
        ({"datacount": True}, []),
        ({"meta": []}, []),
    ],
)
def test_a_declared_number_that_is_wrong_is_told(envelope, found):
    assert rules(read({"id": "1", "name": "Hund"}, **envelope)) == found


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('{"data": {"1": {}}}', "'data' holds an object"),
        ("{}", "'data' holds null"),
        ('{"data": [], "error": "Wartung"}', "reports an error of its own: 'Wartung'"),
        ('{"data": [], "error": {"code": 5}}', "reports an error"),
        ("[]", "holds a list"),
        ('{"data": [{"id": "1"', "cut off"),
    ],
)
def test_a_document_that_is_no_export_is_refused(body, why):
    with pytest.raises(DocumentError, match=why):
        list(normalize(document(body, "services"), context(DldbOptions())))


def test_an_unknown_role_is_refused():
    with pytest.raises(DocumentError, match="no documents of the role 'csv'"):
        list(normalize(document("{}", "csv"), context(DldbOptions())))
