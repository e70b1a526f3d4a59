"""The loopback server and the plans of the link benchmarks; the figures themselves are no test."""

import pytest

from benchmarks.accuracy import right
from benchmarks.link_server import answer
from benchmarks.polite import _plan
from tests.links.hostile.cases import Case


@pytest.mark.parametrize("path", [b"/robots.txt", b"/leistungen/0123456789abcdef01"])
def test_what_cannot_exist_is_not_found(path):
    assert answer(b"GET " + path + b" HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404 ")


def test_every_page_has_a_title_of_its_own_and_says_how_long_it_is():
    head, _, body = answer(b"GET /leistungen/7 HTTP/1.1\r\n\r\n").partition(b"\r\n\r\n")
    assert b"<title>Leistung 7</title>" in body
    assert f"Content-Length: {len(body)}".encode() in head
    assert answer(b"HEAD /leistungen/7 HTTP/1.1\r\n\r\n") == head + b"\r\n\r\n"


def test_four_small_hosts_share_an_address():
    places = [(f"127.1.0.{n}", 80) for n in range(10)]
    texts, where = _plan(2, 5, 8, places)
    assert len(texts) == 18
    assert [where[f"www.stadt{n}.test"] for n in range(2, 10)] == ["127.1.0.2"] * 4 + ["127.1.0.3"] * 4


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        (Case("/", "ok", "ok"), "fine"),
        (Case("/", "restricted", "login-page"), "fine"),
        (Case("/", "restricted", "http-403"), "unsure"),
        (Case("/", "gone", "http-404", dead=True), "broken"),
    ],
)
def test_what_a_person_would_say(case, wanted):
    assert right(case) == wanted
