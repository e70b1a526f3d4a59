import gzip

import pytest

from harvester.links.body import WINDOW, decode_window
from harvester.links.chunks import BadChunkError, Chunks
from harvester.links.observation import BodyFault
from harvester.links.page import read_page
from harvester.links.reply import CHUNKED, LENGTH, UNTIL_CLOSE, NotHttpError, framing, parse_head
from tests.links.hostile.replies import page


def test_title_and_first_heading_are_read_as_people_see_them():
    body = b"<title>\n Wohnsitz &amp; Pass\n</title><h1 class=a>Wohnsitz <b>ummelden</b></h1><h1>Zweite</h1>"
    read = read_page(body, "text/html", whole=True)
    assert (read.title, read.heading) == ("Wohnsitz & Pass", "Wohnsitz ummelden")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (page("Bürgeramt"), "text/html; charset=utf-8"),
        (page("Bürgeramt"), ""),
        (page("Bürgeramt").decode().encode("cp1252"), "text/html; charset=iso-8859-1"),
        (page("Bürgeramt").decode().encode("cp1252"), "text/html; charset=utf-8"),
        (page("Bürgeramt").decode().encode("utf-16"), "text/html"),
    ],
)
def test_the_charset_is_found_or_guessed(body, kind):
    assert read_page(body, kind, whole=True).title == "Bürgeramt"


@pytest.mark.parametrize(
    ("tag", "target"),
    [
        ("<meta http-equiv=refresh content='0;url=/neu'>", "/neu"),
        ('<META HTTP-EQUIV="Refresh" CONTENT="5; URL=&quot;/neu&quot;">', "/neu"),
        ("<meta content='0;/neu' http-equiv='refresh'>", "/neu"),
        ("<meta http-equiv=refresh content='600;url=/neu'>", ""),
        ("<meta http-equiv=refresh content='30'>", ""),
        ("<noscript><meta http-equiv=refresh content='0;url=/neu'></noscript>", ""),
    ],
)
def test_a_quick_meta_refresh_is_a_redirect(tag, target):
    assert read_page(f"<title>x</title>{tag}".encode(), "text/html", whole=True).refresh == target


def test_a_password_field_is_a_login():
    assert read_page(b'<input name=p type="password">', "text/html", whole=True).login
    assert not read_page(b"<p>Ihr password</p>", "text/html", whole=True).login


def test_the_window_bounds_what_is_decoded():
    body, whole, fault = decode_window(gzip.compress(b"\0" * 10_000_000), "gzip", whole=True)
    assert (len(body), whole, fault) == (WINDOW, False, BodyFault.BOMB)


@pytest.mark.parametrize("cut", [1, 2, 3, 7, 100])
def test_chunks_are_the_same_however_they_arrive(cut):
    raw = b"5\r\nabcde\r\n3;x=y\r\nfgh\r\n0\r\nTrailer: x\r\n\r\nrest"
    chunks, body = Chunks(), b""
    for start in range(0, len(raw), cut):
        if not chunks.done:
            body += chunks.feed(raw[start : start + cut])
    assert (body, chunks.done) == (b"abcdefgh", True)


@pytest.mark.parametrize("raw", [b"zz\r\n", b"-1\r\n", b"\r\n\r\n", b"3\r\nabcd\r\n", b"f" * 5_000])
def test_broken_chunks_are_noticed(raw):
    with pytest.raises(BadChunkError):
        Chunks().feed(raw)


def test_a_header_with_a_bare_cr_is_left_out_and_becomes_no_other():
    head = parse_head(b"HTTP/1.1 200 OK\r\nX: a\rLocation: /x\r\nETag: 1")
    assert (head.status, head.get(b"location"), head.get(b"etag")) == (200, "", "1")


@pytest.mark.parametrize(
    "line", [b"", b"hello", b"HTTP/1.1", b"HTTP/1.1 abc", b"HTTP/1.1 20 OK", b"HTTP/2 200", b"HTTP/1.1 2000"]
)
def test_what_is_no_status_line_is_not_http(line):
    with pytest.raises(NotHttpError):
        parse_head(line)


@pytest.mark.parametrize(
    ("head", "method", "wanted"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5", "GET", (LENGTH, 5)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5", "HEAD", (LENGTH, 0)),
        (b"HTTP/1.1 204 OK\r\nContent-Length: 5", "GET", (LENGTH, 0)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6", "GET", (UNTIL_CLOSE, 0)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5", "GET", (UNTIL_CLOSE, 0)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked", "GET", (CHUNKED, 0)),
        (b"HTTP/1.1 200 OK", "GET", (UNTIL_CLOSE, 0)),
    ],
)
def test_the_end_of_the_body_is_found_as_rfc_9112_says(head, method, wanted):
    assert framing(parse_head(head), method) == wanted
