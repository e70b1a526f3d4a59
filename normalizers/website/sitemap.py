"""Sitemaps (sitemaps.org 0.9): XML, gzipped XML, an index of them, or plain text with an address per line."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import NamedTuple

from lxml import etree

from harvester.model import Document

MOST_BYTES = 50 * 1024 * 1024
"""What the protocol allows a sitemap to have, unpacked."""

MOST_ENTRIES = 50_000
"""Entries the protocol allows a sitemap to have."""

_GZIP = b"\x1f\x8b"


class Entry(NamedTuple):
    """An address and when it was changed, as the sitemap writes it; empty where it does not say."""

    url: str
    lastmod: str


@dataclass
class Sitemap:
    """What a sitemap lists: pages, and further sitemaps. ``problem`` says why it cannot be all; what was read stays."""

    pages: list[Entry] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    problem: str = ""


def read_sitemap(document: Document) -> Sitemap:
    """Read a sitemap as far as it goes."""
    with document.open() as stream:
        raw = stream.read(MOST_BYTES + 1)
    found = Sitemap()
    if raw.startswith(_GZIP):
        raw = _unpack(raw, found)
    if len(raw) > MOST_BYTES:
        found.problem = f"The sitemap is larger than the {MOST_BYTES:_} bytes that the protocol allows."
        raw = raw[:MOST_BYTES]
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith(b"<") and b"<html" not in start and b"<!doctype html" not in start:
        _read_xml(raw.lstrip(), found)
    elif start.startswith((b"http://", b"https://")):
        _read_lines(raw, found)
    else:
        found.problem = found.problem or "The document is no sitemap: neither its XML nor a list of addresses."
    return found


def _unpack(raw: bytes, found: Sitemap) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(raw, MOST_BYTES + 1)
    except zlib.error as error:
        found.problem = f"The sitemap cannot be unpacked: {error}."
        return b""
    if not unpacker.eof and len(out) <= MOST_BYTES:
        found.problem = "The sitemap is cut off: its archive has no end."
    return out


def _read_xml(raw: bytes, found: Sitemap) -> None:
    events = etree.iterparse(
        BytesIO(raw), events=("end",), resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    url = lastmod = ""
    try:
        for _, element in events:
            if not isinstance(element.tag, str):
                continue
            match etree.QName(element).localname:
                case "loc" if etree.QName(element.getparent()).localname in {"url", "sitemap"}:
                    url = (element.text or "").strip()
                case "lastmod":
                    lastmod = (element.text or "").strip()
                case "url" | "sitemap" as kind:
                    _take(kind, url, lastmod, found)
                    url = lastmod = ""
                    element.clear()
            if len(found.pages) + len(found.sitemaps) > MOST_ENTRIES:
                found.problem = f"The sitemap has more than the {MOST_ENTRIES:_} entries that the protocol allows."
                return
    except etree.XMLSyntaxError as error:
        found.problem = found.problem or f"The sitemap is no well-formed XML: {error.msg}."


def _take(kind: str, url: str, lastmod: str, found: Sitemap) -> None:
    if kind == "url" and url:
        found.pages.append(Entry(url, lastmod[:40]))
    elif url:
        found.sitemaps.append(url)


def _read_lines(raw: bytes, found: Sitemap) -> None:
    lines = raw.decode("utf-8-sig", "replace").split()
    found.pages += [Entry(line, "") for line in lines[:MOST_ENTRIES] if line.startswith(("http://", "https://"))]
    if len(lines) > MOST_ENTRIES:
        found.problem = f"The sitemap has more than the {MOST_ENTRIES:_} entries that the protocol allows."
