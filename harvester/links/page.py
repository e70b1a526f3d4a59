"""Read what a page says of itself from the first bytes of its body: pure, and cheap enough for every page."""

from __future__ import annotations

import codecs
import html
import re
from hashlib import blake2b

from harvester.links.observation import Page

_TAG = re.compile(rb"<[^>]*>")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]+)")
_REFRESH = re.compile(rb"<meta\b(?=[^>]*http-equiv\s*=\s*[\"']?refresh\b)[^>]*>", re.IGNORECASE)
_CONTENT = re.compile(rb"content\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_TARGET = re.compile(rb"\s*(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?\s*([^\"']+?)\s*[\"']?\s*$", re.IGNORECASE)
_PASSWORD = re.compile(rb"<input\b[^>]*type\s*=\s*[\"']?password", re.IGNORECASE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONGEST_TITLE = 300
_LONGEST_REFRESH = 10


def read_page(body: bytes, content_type: str, *, whole: bool) -> Page:
    """The facts of a page. ``body`` is decoded (no Content-Encoding left), ``whole`` tells whether that was all of it."""
    digest = blake2b(body, digest_size=8).hexdigest()
    size = len(body)
    if body.startswith(_UTF16):
        body, charset = body.decode("utf-16", errors="replace").encode(), "utf-8"
    else:
        charset = ""
    lower = body.lower()
    title = _between(body, lower, b"<title", b"</title")
    heading = _between(body, lower, b"<h1", b"</h1")
    refresh = _refresh(body, lower) if b"http-equiv" in lower else b""
    login = b"password" in lower and _PASSWORD.search(body) is not None
    if not (title or heading or refresh):
        return Page(digest=digest, size=size, whole=whole, login=login)
    if not charset and not (title.isascii() and heading.isascii() and refresh.isascii()):
        charset = _charset(lower, content_type.encode("latin-1", errors="replace"))
    return Page(_text(title, charset), _text(heading, charset), digest, size, whole, login, _text(refresh, charset))


def is_page(content_type: str) -> bool:
    """Whether a body of this media type is read as a page; one without a type may be a page."""
    return not content_type or "html" in content_type


def _between(body: bytes, lower: bytes, start: bytes, end: bytes) -> bytes:
    begin = lower.find(start)
    while begin >= 0 and lower[begin + len(start) : begin + len(start) + 1] not in {b">", b" ", b"\t", b"\n", b"\r"}:
        begin = lower.find(start, begin + 1)
    if begin < 0:
        return b""
    begin = lower.find(b">", begin) + 1
    stop = lower.find(end, begin, begin + 4_096)
    return body[begin:stop] if begin and stop >= 0 else b""


def _text(raw: bytes, charset: str) -> str:
    if not raw:
        return ""
    bare = _TAG.sub(b" ", raw) if b"<" in raw else raw
    try:
        text = bare.decode(charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        text = bare.decode("cp1252", errors="replace")
    return " ".join((html.unescape(text) if "&" in text else text).split())[:_LONGEST_TITLE]


def _charset(lower: bytes, content_type: bytes) -> str:
    found = _CHARSET.search(content_type.lower()) or _CHARSET.search(lower, 0, 2_048)
    name = found[1].decode("ascii") if found else ""
    # A page that says UTF-16 in ASCII letters cannot be; and what people call Latin-1 is Windows-1252 (WHATWG Encoding).
    return {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "utf-16": "utf-8"}.get(name, name)


def _refresh(body: bytes, lower: bytes) -> bytes:
    """The target of a quick meta refresh; one inside noscript is not for browsers that run scripts."""
    tag = _REFRESH.search(body)
    if tag is None or lower.rfind(b"<noscript", 0, tag.start()) > lower.rfind(b"</noscript", 0, tag.start()):
        return b""
    content = _CONTENT.search(tag[0])
    value = next((part for part in content.groups() if part is not None), b"") if content else b""
    target = _TARGET.match(html.unescape(value.decode("latin-1")).encode("latin-1", errors="replace"))
    return target[2] if target and int(target[1]) <= _LONGEST_REFRESH else b""
