"""The PVOG spider: what it asks for, and what it can prove."""

import logging

import pytest
from scrapy.http import TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from harvester.model import Coverage, Document, Lost, Proof
from normalizers.pvog import normalize
from spiders.pvog import PvogSpider
from tests.normalizers.reading import CASES, context, records
from tests.spiders.driving import answer, follow, header, source, started

BASE = "https://pvog.example/suchdienst/api"
HEADER = "ID-LB|Leikaschlüssel|Name|Name2|Updatedatum|ID-OD|Bezeichnung OD|Links\n"


def spider(endpoint: str = BASE, **options) -> PvogSpider:
    return PvogSpider(source=source("pvog", endpoint, options=options))


def harvest(body: str, **options):
    csv = started(spider(**options))[0]
    return follow(csv, answer(csv, body.encode()))


def row(service: str, name: str = "Hund") -> str:
    return f"{service}|99102013104000|{name}|{name}|20.01.2025 00:48|||\n"


@pytest.mark.parametrize("endpoint", [BASE, BASE + "/"])
def test_it_asks_for_the_table_of_its_region(endpoint):
    assert [it.url for it in started(spider(endpoint))] == [f"{BASE}/v5/servicedescriptions/csv?ars=055130000000"]


def test_the_table_alone_gives_the_services_and_proves_their_number():
    document, coverage = harvest(HEADER + row("B1.LB.1") + row("B1.LB.2") + row("B1.LB.1"))
    assert (document.role, coverage) == ("csv", Coverage(Proof.INDEX, expected=2, unit="records"))


def test_what_the_table_proves_is_what_the_normalizer_finds():
    request = started(spider())[0]
    body = (CASES / "pvog" / "table" / "input.csv").read_bytes()
    document, coverage = follow(request, answer(request, body))
    services = records(list(normalize(document, context(spider().source.options))))
    assert coverage.expected == len(services) == 3


def test_rows_that_cannot_be_read_are_expected_all_the_same():
    coverage = harvest(HEADER + row("B1.LB.1") + "B1.LB.2|zu kurz\n" + row(""))[1]
    assert coverage.expected == 3


def test_an_empty_list_is_a_list():
    assert harvest(HEADER)[1] == Coverage(Proof.INDEX, expected=0)


def test_a_table_too_large_for_the_response_is_read_from_its_document():
    request = started(spider())[0]
    response = answer(request, (HEADER + row("B1.LB.1")).encode(), shown=b"")
    assert follow(request, response)[1].expected == 1


@pytest.mark.parametrize("body", ["", "<html>\n</html>\n", HEADER + row("B1.LB.1") + "B1.LB.2|99"])
@pytest.mark.parametrize("details", [False, True])
def test_a_table_that_is_none_or_cut_off_is_kept_and_lost_and_proves_nothing(body, details):
    document, lost = harvest(body, details=details)
    assert isinstance(document, Document)
    assert isinstance(lost, Lost)
    assert lost.reason


def test_with_details_the_table_is_the_index_of_one_request_per_service():
    document, coverage, *requests = harvest(
        HEADER + row("B1.LB.1") + row("B1.OE.9") + row("B1.LB.2") + row("B1.LB.1"), details=True
    )
    assert (document.role, coverage) == ("index", Coverage(Proof.INDEX, expected=2))
    assert [it.url for it in requests] == [
        f"{BASE}/v6/servicedescriptions/B1.LB.1/detail?ars=055130000000&applyDynamicParams=true",
        f"{BASE}/v6/servicedescriptions/B1.LB.2/detail?ars=055130000000&applyDynamicParams=true",
    ]


def test_with_details_a_row_without_an_identifier_stays_expected():
    assert harvest(HEADER + row("B1.LB.1") + row(""), details=True)[1].expected == 2


def test_an_identifier_cannot_lead_anywhere_else():
    request = harvest(HEADER + row("../../B1.LB.1?x=#"), details=True)[2]
    assert request.url.startswith(f"{BASE}/v6/servicedescriptions/..%2F..%2FB1.LB.1%3Fx%3D%23/detail?")


def test_a_detail_remembers_which_service_was_asked_for():
    request = harvest(HEADER + row("B1.LB.1"), details=True)[2]
    (document,) = follow(request, answer(request, b"{}"))
    assert (document.role, document.note) == ("detail", "B1.LB.1")


def test_a_detail_that_fails_is_lost():
    request = harvest(HEADER + row("B1.LB.1"), details=True)[2]
    failure = Failure(HttpError(TextResponse(request.url, status=404)))
    failure.request = request
    assert list(request.errback(failure)) == [Lost(url=request.url, reason="the server answered 404")]


def test_all_requests_carry_language_and_client_id(caplog):
    caplog.set_level(logging.DEBUG)
    csv = started(spider(client_id="geheime-uuid", details=True))[0]
    detail = follow(csv, answer(csv, (HEADER + row("B1.LB.1")).encode()))[2]
    for request in (csv, detail):
        assert header(request, "Accept-Language") == "de"
        assert header(request, "pvog-sud-api-client-id") == "geheime-uuid"
        assert "geheime-uuid" not in f"{request.url} {request} {request.meta}"
    assert "geheime-uuid" not in caplog.text


def test_without_a_client_id_there_is_no_such_header():
    assert header(started(spider())[0], "pvog-sud-api-client-id") is None


def test_it_states_what_the_api_bears():
    assert PvogSpider.most_requests_per_second == 5
