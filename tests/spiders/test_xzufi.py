"""The XZuFi spider: what it asks for, what it takes, and what it says about completeness."""

import asyncio
import hashlib
import io
import json
import logging
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import TextResponse

from harvester.model import Coverage, Cursor, Document, Lost, Proof
from harvester.registry.source import Source
from spiders import xzufi
from spiders.xzufi import XzufiSpider, resolve, with_index

FOLDER = "https://redaktion.example/xzufi"
FIRST = "https://pvog.example/api/objekte?index=0&ars=%25"
TOKEN_URL = "https://pvog.example/auth/token"
SECRET = "streng-geheim"


def spider(endpoint=FOLDER, cursor=None, **options):
    source = Source(
        id="beispiel",
        title="Beispiel",
        level="land",
        region="050000000000",
        interface="xzufi",
        endpoint=endpoint,
        options=options,
        publisher={"name": "Beispiel"},
    )
    return XzufiSpider(source=source, cursor=cursor)


def event_log(cursor=None, *, token=False, endpoint=FIRST):
    access = {"token_url": TOKEN_URL, "client_id": "harvester", "client_secret": SECRET} if token else {}
    return spider(endpoint, cursor, transport="bereitstelldienst", **access)


def begin(made):
    async def collect():
        return [it async for it in made.start()]

    return asyncio.run(collect())


def answer(request, body, status=200, *, in_memory=True):
    """What the fetch road hands to a callback."""
    raw = body if isinstance(body, bytes) else body.encode()
    request.meta["document"] = Document(
        url=request.url,
        role="",
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        media_type="text/plain",
        charset=None,
        fetched_at=datetime(2026, 1, 15, tzinfo=UTC),
        open=lambda: io.BytesIO(raw),
    )
    response = TextResponse(request.url, status=status, body=raw if in_memory else b"", request=request)
    return list(request.callback(response, **request.cb_kwargs))


def page(following=None, *, last=False, **more):
    return json.dumps({"xzufiObjekte": "", "vollstaendig": last, "naechsteAnfrageUrl": following, **more})


def of(kind, items):
    return [it for it in items if isinstance(it, kind)]


def index(text):
    """The items that an index leads to."""
    (request,) = begin(spider())
    return answer(request, text)


# -- index ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", [FOLDER, FOLDER + "/"])
def test_the_index_lies_in_the_folder(endpoint):
    assert [it.url for it in begin(spider(endpoint))] == ["https://redaktion.example/xzufi/index.txt"]
    assert [it.url for it in begin(spider(endpoint, index="index2.txt"))] == [
        "https://redaktion.example/xzufi/index2.txt"
    ]


def test_each_file_of_the_index_is_asked_for_once():
    items = index("\ufeffa.xml\r\n\r\n  b c.xml \r\nunter/d.xml\na.xml\n")
    assert [it.url for it in of(Request, items)] == [
        "https://redaktion.example/xzufi/a.xml",
        "https://redaktion.example/xzufi/b%20c.xml",
        "https://redaktion.example/xzufi/unter/d.xml",
    ]
    assert of(Coverage, items) == [Coverage(Proof.INDEX, expected=4, unit="documents")], "three files and the index"
    assert [it.role for it in of(Document, items)] == ["index"]
    assert of(Lost, items) == []


def test_a_file_becomes_a_message():
    (request,) = of(Request, index("a.xml"))
    (document,) = answer(request, "<a/>")
    assert (document.role, document.url) == ("message", "https://redaktion.example/xzufi/a.xml")


def test_a_file_that_does_not_arrive_is_lost():
    (request,) = of(Request, index("a.xml"))

    class Failure:
        value = OSError("connection refused")

    failure = Failure()
    failure.request = request
    assert list(request.errback(failure)) == [Lost(request.url, "connection refused")]


@pytest.mark.parametrize("text", ["", "\r\n \r\n", "\ufeff"])
def test_an_empty_index_proves_nothing(text):
    items = index(text)
    assert of(Coverage, items) == of(Request, items) == []
    assert [it.reason for it in of(Lost, items)] == ["empty index: it names no file, so it proves nothing"]


def test_a_web_page_is_no_index():
    (lost,) = of(Lost, index("<!DOCTYPE html>\n<p>Wartung</p>"))
    assert "like a web page" in lost.reason


def test_an_index_in_an_unknown_charset_is_lost():
    (request,) = begin(spider())
    (lost,) = of(Lost, answer(request, b"\xff\xfea\x00"))
    assert "not UTF-8" in lost.reason


def test_an_index_too_large_for_memory_is_read_from_its_document():
    (request,) = begin(spider())
    assert len(of(Request, answer(request, "a.xml\n" * 3 + "b.xml", in_memory=False))) == 2


@pytest.mark.parametrize(
    "name",
    [
        "../geheim.xml",
        "unter/../../geheim.xml",
        "%2e%2e/geheim.xml",
        "%252e%252e/geheim.xml",
        "..\\geheim.xml",
        "/geheim.xml",
        "/xzufi-zwei/a.xml",
        "//andere.example/a.xml",
        "http://andere.example/a.xml",
        "https://andere.example/xzufi/a.xml",
        "http://redaktion.example/xzufi/a.xml",
        "https://redaktion.example:8443/xzufi/a.xml",
        "https://redaktion.example:99999/xzufi/a.xml",
        "https://redaktion.example@andere.example/xzufi/a.xml",
        "file:///etc/passwd",
        "javascript:1",
        ".",
        "unter/",
    ],
)
def test_a_name_that_leaves_the_folder_is_lost_and_not_asked_for(name):
    items = index(f"a.xml\n{name}\n")
    assert [it.url for it in of(Request, items)] == ["https://redaktion.example/xzufi/a.xml"]
    (lost,) = of(Lost, items)
    assert repr(name) in lost.reason
    assert of(Coverage, items)[0].expected == 3, "both names and the index"


@pytest.mark.parametrize("name", ["a#1.xml", "a?b.xml", "ä.xml", "a%20b.xml", "https://redaktion.example/xzufi/a.xml"])
def test_odd_names_inside_the_folder_are_fine(name):
    url = resolve(FOLDER + "/", name)
    assert url is not None
    assert url.startswith(FOLDER + "/")
    assert "#" not in url
    assert "?" not in url


@given(st.text(st.sampled_from("./\\%2eF:@?#a0 "), max_size=12))
def test_no_name_leads_out_of_the_folder(name):
    url = resolve(FOLDER + "/", name)
    assert url is None or url.startswith(FOLDER + "/")


# -- Bereitstelldienst ----------------------------------------------------------------------------------------------


def test_an_event_log_never_counts_absences_whatever_happens():
    coverage, request = begin(event_log())
    assert coverage == Coverage(Proof.UNKNOWN, unit="documents", delta=True)
    assert request.url == FIRST
    assert "Authorization" not in request.headers


def test_pages_are_followed_to_the_end():
    second = "https://pvog.example/api/objekte?index=5000&ars=%25"
    third = "https://pvog.example/api/objekte?index=7000&ars=%25"
    _, request = begin(event_log())
    document, request = answer(request, page(second))
    assert (document.role, document.url) == ("page", FIRST)
    assert request.url == second
    document, coverage, cursor = answer(request, page(third, last=True), in_memory=False)
    assert document.url == second
    assert coverage == Coverage(Proof.CURSOR_EXHAUSTED, expected=2, unit="documents", delta=True)
    assert cursor == Cursor(third)


def test_the_next_run_begins_where_the_last_one_ended():
    later = "https://pvog.example/api/objekte?index=7000&ars=%25"
    _, request = begin(event_log(later))
    assert request.url == later


def test_a_cursor_of_a_service_that_has_moved_is_of_no_use():
    _, request = begin(event_log("https://alt.example/api/objekte?index=7000"))
    assert request.url == FIRST


def test_the_last_page_without_a_next_address_is_asked_for_again():
    _, request = begin(event_log())
    assert of(Cursor, answer(request, page(last=True))) == [Cursor(FIRST)]


def test_an_index_does_where_there_is_no_next_address():
    _, request = begin(event_log())
    _, request = answer(request, page(naechsterIndex=5000))
    assert request.url == "https://pvog.example/api/objekte?ars=%25&index=5000"


def test_an_index_replaces_the_one_before():
    assert with_index("https://a.example/x?index=1&ars=", 2) == "https://a.example/x?ars=&index=2"


@pytest.mark.parametrize("following", [None, "", " ", 7, True])
def test_a_page_that_leads_nowhere_is_lost(following):
    _, request = begin(event_log())
    (lost,) = of(Lost, answer(request, page(following, naechsterIndex=True)))
    assert "names no next one" in lost.reason


def test_a_page_that_leads_to_itself_is_lost():
    _, request = begin(event_log())
    items = answer(request, page(FIRST))
    assert of(Request, items) == []
    assert "circle" in of(Lost, items)[0].reason


def test_a_log_that_runs_in_a_circle_is_lost():
    second = "https://pvog.example/api/objekte?index=1"
    _, request = begin(event_log())
    _, request = answer(request, page(second))
    items = answer(request, page(FIRST))
    assert of(Request, items) == []
    assert "circle" in of(Lost, items)[0].reason


def test_a_log_without_end_is_lost(monkeypatch):
    monkeypatch.setattr(xzufi, "MOST_PAGES", 1)
    _, request = begin(event_log())
    (lost,) = of(Lost, answer(request, page("https://pvog.example/api/objekte?index=1")))
    assert lost.reason == "more than 1 pages"


@pytest.mark.parametrize("following", ["https://andere.example/x", "//andere.example/x", "https://pvog.example:8443/x"])
def test_a_next_page_elsewhere_is_lost_and_not_asked_for(following):
    _, request = begin(event_log())
    items = answer(request, page(following))
    assert of(Request, items) == []
    assert "another host" in of(Lost, items)[0].reason


def test_a_relative_next_page_is_fine():
    _, request = begin(event_log())
    _, request = answer(request, page("?index=5"))
    assert request.url == "https://pvog.example/api/objekte?index=5"


def test_https_stays_https_where_a_proxy_makes_the_service_say_http():
    _, request = begin(event_log())
    _, request = answer(request, page("http://pvog.example/api/objekte?index=5"))
    assert request.url == "https://pvog.example/api/objekte?index=5"


@pytest.mark.parametrize("body", ["", "<html/>", "[]", '{"vollstaendig": tr'])
def test_a_page_that_cannot_be_read_is_lost(body):
    _, request = begin(event_log())
    items = answer(request, body)
    assert [it.role for it in of(Document, items)] == ["page"]
    assert len(of(Lost, items)) == 1
    assert of(Coverage, items) == of(Request, items) == []


# -- access ---------------------------------------------------------------------------------------------------------


def with_token():
    """An event log with its token and the request for the first page."""
    made = event_log(token=True)
    _, ask = begin(made)
    (request,) = answer(ask, json.dumps({"access_token": "zugang-1", "expires_in": 300}))
    return made, request


def test_a_token_is_asked_for_first_and_never_stored():
    _, request = begin(event_log(token=True))
    assert (request.url, request.method, request.meta["store"]) == (TOKEN_URL, "POST", False)
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["harvester"],
        "client_secret": [SECRET],
    }
    assert request.headers["Content-Type"] == b"application/x-www-form-urlencoded"


def test_pages_are_asked_for_with_the_token():
    _, request = with_token()
    assert request.url == FIRST
    assert request.headers["Authorization"] == b"Bearer zugang-1"


def test_a_token_that_has_run_out_is_renewed_and_the_page_asked_for_again():
    _, request = with_token()
    (ask,) = answer(request, "", 401)
    assert ask.url == TOKEN_URL
    (request,) = answer(ask, json.dumps({"access_token": "zugang-2"}))
    assert (request.url, request.headers["Authorization"]) == (FIRST, b"Bearer zugang-2")
    # a long log needs more than one new token
    _, request = answer(request, page("https://pvog.example/api/objekte?index=1"))
    assert of(Request, answer(request, "", 401))[0].url == TOKEN_URL


def test_a_new_token_that_is_refused_too_is_the_end():
    _, request = with_token()
    (ask,) = answer(request, "", 401)
    (request,) = answer(ask, json.dumps({"access_token": "zugang-2"}))
    assert answer(request, "", 401) == [Lost(FIRST, "the server refuses the access data (401)")]


def test_a_refusal_without_access_data_is_the_end():
    _, request = begin(event_log())
    assert answer(request, "", 401) == [Lost(FIRST, "the server refuses the access data (401)")]


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", '{"access_token": ""}', '{"access_token": 7}', '{"access_token": "a\\nX: b"}', SECRET],
)
def test_an_answer_without_a_token_is_lost(body):
    _, request = begin(event_log(token=True))
    assert answer(request, body) == [Lost(TOKEN_URL, "the answer holds no access_token")]


def test_secrets_show_nowhere(caplog):
    caplog.set_level(logging.DEBUG)
    made, request = with_token()
    items = answer(request, page("https://pvog.example/api/objekte?index=1"))
    items += answer(of(Request, items)[0], "", 401)
    shown = f"{items!r} {made!r} {[it.url for it in of(Request, items)]} {caplog.text}"
    assert SECRET not in shown
    assert "zugang-1" not in shown
