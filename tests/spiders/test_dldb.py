"""The DLDB spider: one document, and the number of services it declares."""

import pytest

from harvester.model import Coverage, Document, Lost, Proof
from spiders.dldb import DldbSpider
from tests.spiders.driving import answer, follow, header, source, started

ENDPOINT = "https://service.example/export/dienstleistungen/json/"


def harvest(body: str):
    request = started(DldbSpider(source=source("dldb", ENDPOINT)))[0]
    return follow(request, answer(request, body.encode(), shown=b""))


def test_it_asks_for_the_document_in_the_language_of_the_source():
    (request,) = started(DldbSpider(source=source("dldb", ENDPOINT + "en/", options={"language": "en"})))
    assert (request.url, header(request, "Accept-Language")) == (ENDPOINT + "en/", "en")


@pytest.mark.parametrize("envelope", ['"datacount": 2', '"meta": {"datacount": 2}', '"datacount": "2"'])
def test_a_declared_number_is_what_a_run_has_to_see(envelope):
    document, coverage = harvest('{"data": [{"id": "1", "name": "Hund"}], ' + envelope + "}")
    assert (document.role, coverage) == ("services", Coverage(Proof.DECLARED_TOTAL, expected=2, unit="records"))


@pytest.mark.parametrize("envelope", ['"meta": {}', '"datacount": null', '"datacount": "viele"', '"datacount": -1'])
def test_without_a_declared_number_nothing_is_proven(envelope):
    assert harvest('{"data": [], ' + envelope + "}")[1] == Coverage(Proof.UNKNOWN)


@pytest.mark.parametrize("body", ["", "<html>", '{"data": {}}', '{"error": "Wartung", "data": []}', '{"data": [{"id"'])
def test_a_document_that_is_no_export_is_kept_and_lost(body):
    document, lost = harvest(body)
    assert isinstance(document, Document)
    assert isinstance(lost, Lost)
    assert lost.reason
