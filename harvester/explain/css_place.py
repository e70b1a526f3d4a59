"""Find an element of a web page in its bytes (UTF-8) by the CSS selector that fits it.

The tree says which element of its name it is, counted from the beginning of the page; the bytes are searched for the tag
with that number. The parser adds elements that no tag stands for (``html``, ``body``), so what is found is held against what was
looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from cssselect import SelectorError

from harvester.explain.locator import LocatorError
from harvester.explain.place import Place
from harvester.explain.window import Window
from normalizers.website.page import MOST_BYTES, Element, PageError, parse_page

_TOKEN = re.compile(
    rb"<!--.*?(?:-->|\Z)|<![^>]*+>|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<rest>(?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+)>",
    re.DOTALL,
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_UNREAD = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "textarea", "title"})
_SELF_ENDING = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "option"})
_IMPLIED = frozenset({"html", "head", "body"})


def locate_css(window: Window, locator: str) -> Place:
    """Find an element: its inside, or its tag where it has none.

    Raises:
        LocatorError: the selector is none, fits nothing, or the bytes and the tree do not agree.
    """
    window.pin = 0
    while window.end <= MOST_BYTES and window.more(window.end):
        pass
    raw = window.slice(0, window.end)
    try:
        page = parse_page(raw.decode("utf-8", "replace"), "https://page.invalid/")
        found = page.all(locator)
    except (PageError, SelectorError) as error:
        raise LocatorError(locator, "", str(error)) from error
    if not found:
        raise LocatorError(locator, "", "no element of the page fits it")
    element = found[0]
    number = sum(1 for _ in _before(page.root, element))
    span = _find(raw, str(element.tag), number)
    if span is None and element.tag in _IMPLIED:
        span = (0, 0, len(raw))
    if span is None or not _agree(raw[span[0] : span[1]], element):
        raise LocatorError(locator, "", f"the page has no tag for it ({element.tag} number {number + 1})")
    start, inner, end = span
    return Place.known(inner if end > inner else start, max(end, inner), lambda value: value.decode("utf-8"))


def _before(root: Element, element: Element) -> list[Element]:
    """Elements of the same name that begin before an element."""
    twins = list(root.iter(element.tag))
    return twins[: twins.index(element)]


class _Tag(NamedTuple):
    name: str
    closes: bool
    start: int
    end: int


def _tags(raw: bytes) -> Iterator[_Tag]:
    """The tags of a page in their order, without those inside scripts and the like."""
    place, unread = 0, ""
    while token := _TOKEN.search(raw, place):
        name, closes = (token["name"] or b"").decode("ascii", "replace").lower(), bool(token["close"])
        place = token.end()
        if unread and not (closes and name == unread):
            place = token.start() + 1
            continue
        unread = name if name in _UNREAD and not closes and not token["rest"].endswith(b"/") else ""
        if name:
            yield _Tag(name, closes, token.start(), token.end())


def _find(raw: bytes, name: str, number: int) -> tuple[int, int, int] | None:
    """Where the tag with a number begins, where its inside does, and where that ends."""
    same = (tag for tag in _tags(raw) if tag.name == name)
    first = next(islice((tag for tag in same if not tag.closes), number, None), None)
    if first is None:
        return None
    end = first.end if name in _VOID else _end(same, name, len(raw))
    return first.start, first.end, end


def _end(following: Iterator[_Tag], name: str, last: int) -> int:
    """Where an element ends: at its closing tag, or where its like begins if it needs none."""
    depth = 0
    for tag in following:
        if name in _SELF_ENDING or (tag.closes and depth == 0):
            return tag.start
        depth += -1 if tag.closes else 1
    return last


def _agree(tag: bytes, element: Element) -> bool:
    """Whether a tag bears the attributes of the element, as far as they are plain."""
    shown = tag.decode("utf-8", "replace")
    return all(value in shown for value in (element.get("id"), element.get("class"), element.get("property")) if value)
