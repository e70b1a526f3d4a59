"""Each folder under tests/cases/website: a page of a product as it stands on a site, and the service it has to give."""

import json

import pytest
import yaml

from harvester.model import Found, Service
from harvester.sites import profile_names
from normalizers.website.page import read_page
from tests.normalizers.reading import as_data, expected, issues, records, resolve, unexplained
from tests.normalizers.website.sites import FOLDERS, PRODUCTS, page, read_case, site_of

EACH = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}-{path.name}")


@EACH
def test_case_reads_as_expected(folder):
    assert as_data(read_case(folder)) == expected(folder)


@EACH
def test_every_page_is_a_service_or_an_error_that_protects_one(folder):
    readings = read_case(folder)
    told = [it.remote_id for it in records(readings)] + [it.remote_id for it in issues(readings, "error")]
    assert len(told) == 1
    assert told[0]


@EACH
def test_every_value_has_an_origin_and_every_origin_a_value(folder):
    assert [unexplained(it) for it in read_case(folder) if isinstance(it, Found) and unexplained(it)] == []


@EACH
def test_every_origin_leads_to_one_element_of_the_page(folder):
    tree = read_page(page((folder / "input.html").read_bytes(), "https://ort.example/"))
    for found in read_case(folder):
        for origin in found.record.provenance.values() if isinstance(found, Found) else ():
            selector, _, pointer = origin.locator.partition("!")
            (element,) = tree.all(selector)
            assert not pointer or resolve(json.loads(element.text), pointer)


def test_every_product_has_at_least_five_pages():
    assert list(profile_names()) == PRODUCTS
    for product in PRODUCTS:
        assert len([folder for folder in FOLDERS if folder.parent.name == product]) >= 5
        assert {f.name for f in FOLDERS if f.parent.name == product} == set(site_of(product)["cases"])


def test_one_page_may_serve_several_keys():
    found = [records(read_case(folder)) for folder in FOLDERS if folder.name == "urkunden"]
    assert [len(service.leika_keys) for (service,) in found] == [3, 3]


@EACH
def test_no_official_is_taken(folder):
    """Names, numbers and addresses of staff stand on these pages; none of them may be in a record or a message."""
    told = json.dumps(as_data(read_case(folder)), ensure_ascii=False)
    for word in (
        "Erika",
        "Mustermann",
        "Max Muster",
        "Anna",
        "Petra",
        "Herr ",
        "Frau ",
        "Zimmer",
        "4321",
        "1234",
        "4567",
    ):
        assert word not in told
    assert "@" not in told.replace("@graph", "")
    assert "/mitarbeiter/" not in told


def test_the_pages_speak_of_officials_at_all():
    pages = "".join((folder / "input.html").read_text("utf-8", "replace") for folder in FOLDERS)
    for word in (
        "Erika",
        "Mustermann",
        "Max Muster",
        "Anna",
        "Petra",
        "Herr ",
        "Frau ",
        "4321",
        "mailto:",
        "/mitarbeiter/",
    ):
        assert word in pages


def test_a_town_names_its_product_and_its_address_and_nothing_else():
    for product in PRODUCTS:
        assert {"endpoint", "product", "cases"} == set(site_of(product))


def test_a_record_without_a_key_carries_what_keys_are_matched_by():
    (service,) = records(
        read_case(next(f for f in FOLDERS if f.parent.name == "openrathaus" and f.name == "hundesteuer"))
    )
    assert isinstance(service, Service)
    assert service.leika_keys == ()
    assert service.title
    assert service.synonyms
    assert {"legal_basis", "description", "fees"} <= {text.module for text in service.texts}
    assert {"apply", "legal"} <= {link.role for link in service.links}


def test_profiles_tell_where_they_know_it_from():
    for path in sorted((FOLDERS[0].parents[4] / "data" / "sites").glob("*.yml")):
        assert len(yaml.safe_load(path.read_text("utf-8"))["origin"]) > 40
