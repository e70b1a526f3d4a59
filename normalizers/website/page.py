"""A web page as a tree, and places in it. Pages come from strangers: bounded, and read without entities or network."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias, cast
from urllib.parse import urljoin

from lxml import etree, html
from lxml.cssselect import CSSSelector

from harvester.model import Document, clean_line

Element: TypeAlias = Any  # lxml's own types are private

MOST_BYTES = 4_000_000
"""A page of a service is a hundredth of this; what is larger is a list, a file or a fault."""

MOST_TAGS = 60_000

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_.:-]+)", re.IGNORECASE)
# The web reads ISO 8859-1 as Windows-1252 (WHATWG Encoding).
_NAMES = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "iso-8859-15": "iso8859-15"}
_SIMPLE = re.compile(r"[A-Za-z][\w-]*")
_INVISIBLE = "//script[not(@type='application/ld+json')] | //style | //template | //noscript | //iframe | //svg"
# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "button", "caption", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
})
# fmt: on


class PageError(Exception):
    """A document that is no page one could read; the message says why."""


@dataclass(frozen=True)
class Value:
    """A value of a page: its words, where they stand, and by which rule they were taken."""

    text: str
    locator: str
    rule: str


@dataclass
class Page:
    """A page. ``url`` is where it was found; ``root`` its tree."""

    url: str
    root: Element
    _paths: dict[Element, str] = field(default_factory=dict)

    def all(self, selector: str, below: Element | None = None) -> list[Element]:
        """Elements that a CSS selector fits, in their order."""
        return cast("list[Element]", _compiled(selector)(self.root if below is None else below))

    def first(self, selectors: Sequence[str]) -> Element | None:
        """The first element of the first selector that fits any."""
        return next((found[0] for selector in selectors if (found := self.all(selector))), None)

    def values(self, places: Sequence[str], rule: str) -> Iterator[Value]:
        """What stands at places (``selector`` or ``selector@attribute``), one line each, empty ones left out."""
        for place in places:
            selector, _, attribute = place.partition("@")
            for element in self.all(selector):
                raw = element.get(attribute, "") if attribute else words(element)
                text = clean_line(raw)
                if text:
                    yield Value(text, self.locate(element), rule)

    def locate(self, element: Element) -> str:
        """The element's place: a CSS selector that fits it alone."""
        if element not in self._paths:
            self._paths[element] = self._path(element)
        return self._paths[element]

    def _path(self, element: Element) -> str:
        name = element.get("id", "")
        if _SIMPLE.fullmatch(name) and len(self.root.xpath("//*[@id=$name]", name=name)) == 1:
            return f"#{name}"
        parent = element.getparent()
        if parent is None:
            return str(element.tag)
        twins = [child for child in parent if child.tag == element.tag]
        step = str(element.tag) if len(twins) == 1 else f"{element.tag}:nth-of-type({twins.index(element) + 1})"
        return f"{self.locate(parent)} > {step}"

    @property
    def language(self) -> str:
        """What the page says its language is, empty where it says nothing."""
        return str(self.root.get("lang") or self.root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")

    @property
    def title(self) -> str:
        """The title of the window."""
        found = self.all("head > title") or self.all("title")
        return clean_line(words(found[0])) if found else ""

    @property
    def heading(self) -> str:
        """The first heading."""
        return next((text for element in self.all("h1") if (text := clean_line(words(element)))), "")


def read_page(document: Document) -> Page:
    """Parse a document.

    Raises:
        PageError: too large, no markup, or nothing in it.
    """
    if document.size > MOST_BYTES:
        raise PageError(f"The page has {document.size:_} bytes, more than the {MOST_BYTES:_} that are read.")
    with document.open() as stream:
        raw = stream.read(MOST_BYTES + 1)
    return parse_page(decode(raw, document.charset), document.url)


def parse_page(text: str, url: str) -> Page:
    """Parse a page's text."""
    if text.count("<") > MOST_TAGS:
        raise PageError(f"The page has more than the {MOST_TAGS:_} tags that are read.")
    if "<" not in text:
        raise PageError("The document is no page: it has no markup.")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root: Element = html.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise PageError(f"The document is no page: {error}.") from error
    for element in root.xpath(_INVISIBLE):
        blank(element)
    _make_absolute(root, url)
    return Page(url, root)


def _make_absolute(root: Element, url: str) -> None:
    """Let every link name its host; what cannot be joined to an address stays as it is written."""
    bases = root.xpath("//base[@href]")
    base = _join(url, bases[0].get("href")) if bases else url
    for element in root.iter("a", "area", "link"):
        if (href := element.get("href")) is not None:
            element.set("href", _join(base, href))


def _join(base: str, href: str) -> str:
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return href


def decode(raw: bytes, declared: str | None) -> str:
    """The text of a page. UTF-8 comes first, whatever is declared; then the header, the markup, and Windows-1252."""
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            return raw.decode(name, "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = _META.search(raw[:4096])
        name = (declared or (found[1].decode("ascii") if found else "")).strip().lower()
        try:
            return raw.decode(_NAMES.get(name, name or "cp1252"), "replace")
        except LookupError:
            return raw.decode("cp1252", "replace")


def words(element: Element) -> str:
    """The words of an element, with a blank where a block begins or ends."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node.tag in _BLOCKS:
            parts.append(" ")
        if event == "start":
            parts.append(node.text or "")
        elif node is not element:
            parts.append(node.tail or "")
    return "".join(parts).strip()


def blank(element: Element) -> None:
    """Take everything out of an element. The element itself stays, so that the places of its neighbours do."""
    tail = element.tail
    element.clear()
    element.tail = tail


def outer(element: Element) -> str:
    """An element as HTML, without what follows it."""
    return str(html.tostring(element, encoding="unicode", with_tail=False))


@lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")
