"""What a PVOG detail says about its service."""

import json
from typing import Any

import pytest

from harvester.model import DocumentError, Module, OnlineService, Service
from harvester.registry.options import PvogOptions
from normalizers.pvog import normalize
from tests.normalizers.reading import addresses, context, document, issues, records, rules


def read(note: str = "", **fields: Any):
    body = json.dumps({"id": "L100002.LB.1", "name": "Hund anmelden", **fields})
    return list(normalize(document(body, "detail", note=note), context(PvogOptions())))


def service(**fields: Any) -> Service:
    return records(read(**fields))[0]


def module(code: str, text: str = "", **fields: Any) -> dict[str, Any]:
    return {"code": code, "title": f"Modul {code}", "text": text, "filled": True, "placeholder": False, **fields}


def texts(*details: dict[str, Any]) -> dict[Module, str]:
    return {text.module: text.text for text in service(details=list(details)).texts}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("02", Module.OFFICIAL_TITLE),
        ("03", Module.TITLE),
        ("05", Module.SUMMARY),
        ("06", Module.DESCRIPTION),
        ("07", Module.LEGAL_BASIS),
        ("08", Module.DOCUMENTS),
        ("09", Module.REQUIREMENTS),
        ("9", Module.REQUIREMENTS),
        ("11", Module.PROCEDURE),
        ("14", Module.FORMS),
        ("15", Module.FURTHER_INFORMATION),
        ("16", Module.NOTES),
        ("18", Module.AUTHOR),
        ("22", Module.COMPETENT_OFFICE),
        ("23", Module.CONTACT),
        ("24", Module.SUMMARY),
        ("25", Module.LEGAL_REMEDY),
        ("93", Module.APPROVAL),
        ("94", Module.OTHER),
        ("95", Module.DURATION),
        ("97", Module.DEADLINES),
        ("98", Module.FEES),
    ],
)
def test_each_code_of_a_text_module_has_its_module(code, expected):
    assert list(texts(module(code, "Worte"))) == [expected]


@pytest.mark.parametrize(
    ("category", "expected"),
    [("KOSTEN", Module.FEES), ("FRIST", Module.DEADLINES), ("BEARBEITUNGSDAUER", Module.DURATION)],
)
def test_a_category_tells_the_module_where_the_code_does_not(category, expected):
    assert list(texts(module("", "Worte", xZufiCategory=category))) == [expected]


def test_an_individual_module_keeps_its_title_as_heading():
    found = service(details=[module("X1", "Sechs", title="Status", xZufiCategory="TEXT_MODUL_INDIVIDUELL")]).texts
    assert [(text.module, text.html) for text in found] == [(Module.OTHER, "<h4>Status</h4><p>Sechs</p>")]


def test_an_unknown_module_is_kept_and_told():
    readings = read(details=[module("77", "Worte")])
    assert records(readings)[0].texts[0].text == "Modul 77\nWorte"
    assert rules(readings) == [("info", "pvog.unknown-module", "/details/0/code")]


@pytest.mark.parametrize(
    "fields",
    [
        {"filled": False},
        {"placeholder": True},
        {"text": "nicht angegeben"},
        {"text": "<p>nicht angegeben</p>"},
        {"text": None},
    ],
)
def test_what_is_not_filled_is_no_text(fields):
    assert texts({**module("06", "Worte"), **fields}) == {}


def test_a_module_of_links_alone_gives_links_and_no_text():
    found = service(
        details=[
            module("07", links=[{"uri": "https://a.example/7", "title": "§ 7"}]),
            module("14", links=[{"uri": "https://a.example/14", "description": "Formular"}]),
            module("23", links={"uri": "https://a.example/23"}),
            module("15", links=["https://a.example/15"]),
        ]
    )
    assert found.texts == ()
    assert [(link.role.value, link.url, link.label) for link in found.links] == [
        ("legal", "https://a.example/7", "§ 7"),
        ("form", "https://a.example/14", "Formular"),
        ("contact", "https://a.example/23", ""),
        ("information", "https://a.example/15", ""),
    ]


def test_fees_keep_what_stands_in_their_details():
    fees = module(
        "98", "<p>Je Hund:</p>", details=[module("1", "96 EUR", title="Erster"), module("1", "144 EUR", title="")]
    )
    assert texts(fees) == {Module.FEES: "Je Hund:\nErster: 96 EUR\n144 EUR"}


def test_broken_markup_of_a_detail_stays_inside_it():
    found = service(details=[module("98", "<ul><li>eins", details=[module("1", "<b>zwei</ul>", title="A")])]).texts[0]
    assert found.html == "<ul><li>eins</li></ul><ul><li>A: <b>zwei</b></li></ul>"


def test_modules_within_modules_end_somewhere():
    deep = module("98", "unten")
    for _ in range(200):
        deep = module("98", "mitte", details=[deep])
    readings = read(details=[deep])
    assert len(records(readings)) == 1
    assert [it.rule for it in issues(readings)] == ["pvog.module"]


def test_a_short_text_of_the_service_itself_counts_where_no_module_has_one():
    assert texts() == {}
    assert service(description="<p>Kurz.</p>").texts[0].module is Module.SUMMARY
    both = service(description="<p>Kurz.</p>", details=[module("24", "Kurzinfo")])
    assert [text.text for text in both.texts] == ["Kurzinfo"]


def test_the_name_for_citizens_is_module_03_before_the_field():
    found = service(details=[module("02", "Hund Anmeldung"), module("03", "Hund zur Steuer anmelden")])
    assert (found.title, found.official_title) == ("Hund zur Steuer anmelden", "Hund Anmeldung")
    assert service(details=[module("02", "Hund Anmeldung")]).title == "Hund anmelden"
    assert service(name=None, details=[module("02", "Hund Anmeldung")]).title == "Hund Anmeldung"


def test_without_any_name_there_is_no_service():
    assert rules(read(name=" ")) == [("error", "pvog.no-title", "/name")]


def test_without_an_identifier_there_is_no_service():
    assert rules(read(id=None)) == [("error", "pvog.no-id", "/id")]


def test_another_service_than_the_one_asked_for_is_told():
    assert rules(read(note="L100002.LB.1")) == []
    assert rules(read(note="L100002.LB.2")) == [("warning", "pvog.other-id", "/id")]


def test_times_of_import_are_not_when_the_service_changed():
    assert service(timestamp="2026-01-14T01:26:46Z", lastUpdate="2026-01-14T01:26:46Z").modified_at is None


def test_word_stems_for_a_search_box_are_no_synonyms():
    assert service(suggest=["hund", "anmeld"]).synonyms == ()


def test_regions_are_padded_and_broken_ones_are_told():
    readings = read(ars=["05", "055130000000", "Gelsenkirchen"])
    assert records(readings)[0].regions == ("050000000000", "055130000000")
    assert rules(readings) == [("warning", "pvog.region", "/ars/2")]


def test_keys_that_are_none_are_told():
    readings = read(leikakeys=["99102013104000", "4711"])
    assert records(readings)[0].leika_keys == ("99102013104000",)
    assert rules(readings) == [("warning", "pvog.key", "/leikakeys")]


def test_a_page_is_the_first_one_a_browser_can_open():
    portals = [{"uri": "intern/1"}, {"uri": "https://a.example/{id}"}, {"uri": "https://a.example/1"}]
    readings = read(sourcePortals=portals)
    assert records(readings)[0].page == "https://a.example/1"
    assert rules(readings) == [("warning", "pvog.address", "/sourcePortals/0/uri")]


@pytest.mark.parametrize("parameters", [["plz"], [{"name": "plz"}]])
def test_an_address_that_needs_parameters_of_the_portal_is_a_template(parameters):
    link = {"uri": "https://a.example/", "title": "Antrag", "id": "OD", "dynamicParameters": parameters}
    readings = read(onlineServiceLinks=[link])
    assert [it.template for it in (*records(readings)[0].links, *records(readings, OnlineService)[0].links)] == [
        True,
        True,
    ]


def test_only_the_leaves_of_the_tree_of_situations_are_kept():
    tree = {"code": "1000000", "children": [{"code": "1030000", "children": [{"code": "1030200", "name": "Beruf"}]}]}
    assert [(code.code, code.name) for code in service(personalMatters=[tree, tree]).situations] == [
        ("1030200", "Beruf")
    ]


def test_a_tree_of_any_depth_is_read():
    tree: dict[str, Any] = {"code": "1"}
    for _ in range(300):
        tree = {"code": "1", "children": [tree]}
    assert [code.code for code in service(personalMatters=[tree]).situations] == ["1"]


def test_an_online_service_beyond_all_bounds_leaves_the_service_alone():
    readings = read(onlineServiceLinks=[{"id": "x" * 301, "title": "Antrag", "uri": "https://a.example/"}])
    assert addresses(records(readings)[0].links) == [("apply", "https://a.example/")]
    assert rules(readings) == [("error", "pvog.invalid", "/onlineServiceLinks/0")]


def test_a_service_beyond_all_bounds_is_told():
    assert rules(read(name="x" * 1001)) == [("error", "pvog.invalid", "")]


@pytest.mark.parametrize("body", ["[]", '"weg"', "", '{"id":', "<html>"])
def test_a_document_that_is_no_detail_is_refused(body):
    with pytest.raises(DocumentError):
        list(normalize(document(body, "detail"), context(PvogOptions())))
