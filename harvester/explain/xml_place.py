"""Find a place in XML (UTF-8) by local names, in one pass over the bytes."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import NamedTuple, NoReturn

from harvester.explain.locator import LocatorError
from harvester.explain.place import BrokenError, Place
from harvester.explain.window import Window

_STEP = re.compile(r"(?:[^\[\]@/:]+:)?([^\[\]@/:]+)(?:\[([1-9][0-9]*)\])?")
_ATTRIBUTE_STEP = re.compile(r"@(?:[^\[\]@/:]+:)?([^\[\]@/:]+)")
# "<" stands in no attribute, so outside comments, CDATA sections and instructions it always begins markup.
_MARKUP = re.compile(rb"<(!--|!\[CDATA\[|!DOCTYPE|\?|/|(?=[^!?/\s]))")
_CLOSING = {b"!--": b"-->", b"![CDATA[": b"]]>", b"?": b"?>"}
_START_TAG = re.compile(rb"<([^\s/>]++)((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_ATTRIBUTE = re.compile(rb"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DOCTYPE = re.compile(
    rb"<!DOCTYPE(?:[^\[>\"']++|\"[^\"]*+\"|'[^']*+')*+"
    rb"(?:\[(?:[^\]\"'<]++|\"[^\"]*+\"|'[^']*+'|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>|<(?!!--|\?))*+\]\s*+)?>",
    re.DOTALL,
)
_NO_TEXT = re.compile(r"<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<\?.*?\?>|<(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class _Tag(NamedTuple):
    """A start tag: its name as written, where it begins, where its content begins, whether it is empty."""

    name: bytes
    start: int
    content: int
    empty: bool


def locate_xml(window: Window, locator: str) -> Place:
    """Find the content of an element, or the value of an attribute, between its quotes.

    ``/*/schreibe[17]/leistung/id/@schemeID``: ``/*`` is the root, names are local names without prefix, the number
    counts siblings of the same local name from 1 and may be left out for the first. An empty element
    (``<a/>``) has its place, of no length, after the tag.

    Raises:
        LocatorError: there is no such place, or this is no path of XML.
        BrokenError: the document breaks off or is not well-formed where it was read.
    """
    walk = _Walk(window, locator)
    tag, matched = walk.root(), "/*"
    for step in locator[len("/*/") :].split("/") if locator != "/*" else ():
        if attribute := _ATTRIBUTE_STEP.fullmatch(step):
            if not locator.endswith("/" + step):
                raise LocatorError(locator, matched, "an attribute must be the last step")
            return walk.attribute(tag, attribute.group(1).encode(), matched)
        name = _STEP.fullmatch(step)
        if not name:
            raise LocatorError(locator, matched, f"{step!r} is no step of an XML path: name, name[17] or @name")
        tag = walk.child(tag, name.group(1).encode(), int(name.group(2) or 1), matched)
        matched += "/" + step
    return Place(tag.content, lambda: walk.end(tag), xml_text)


def xml_text(raw: bytes) -> str:
    """The text of XML content: markup dropped, CDATA opened, references to characters resolved."""
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    parts, last = [], 0
    for markup in _NO_TEXT.finditer(text):
        parts += [_resolve(text[last : markup.start()]), markup.group(1) or ""]
        last = markup.end()
    return "".join(parts) + _resolve(text[last:])


def _attribute_text(raw: bytes) -> str:
    """The text of an attribute: every white character counts as a blank (XML 1.0, 3.3.3)."""
    return _resolve(re.sub(r"\r\n|[\t\n\r]", " ", raw.decode("utf-8", "replace")))


def _resolve(text: str) -> str:
    return _REFERENCE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED[name]
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(number) if number <= sys.maxunicode else "\ufffd"


class _Walk:
    def __init__(self, window: Window, locator: str) -> None:
        self._window = window
        self._locator = locator

    def root(self) -> _Tag:
        place = 0
        while True:
            place, kind = self._markup(place)
            if kind == b"":
                return self._tag(place)
            if kind == b"!DOCTYPE":
                place = self._past_doctype(place)
            elif kind == b"/":
                self._broken("an end tag before the root", place)
            else:
                place = self._past(kind, place)

    def child(self, parent: _Tag, name: bytes, index: int, matched: str) -> _Tag:
        """The ``index``-th child with that local name."""
        count, place = 0, parent.content
        while not parent.empty:
            place, kind = self._markup(place)
            if kind == b"/":
                break
            if kind:
                place = self._past(kind, place)
                continue
            tag = self._tag(place)
            if tag.name.rpartition(b":")[2] == name:
                count += 1
                if count == index:
                    return tag
            place = self._past_element(tag)
        there = f"only {count:,} times {name.decode()}, not {index:,}" if count else f"no {name.decode()}"
        raise LocatorError(self._locator, matched, f"there is {there} here")

    def attribute(self, tag: _Tag, name: bytes, matched: str) -> Place:
        """An attribute of a tag that was just read."""
        for found in _ATTRIBUTE.finditer(self._window.slice(tag.start, tag.content), 1 + len(tag.name)):
            if found.group(1).rpartition(b":")[2] == name and not found.group(1).startswith(b"xmlns"):
                group = 2 if found.group(2) is not None else 3
                start, end = tag.start + found.start(group), tag.start + found.end(group)
                return Place.known(start, end, _attribute_text)
        raise LocatorError(self._locator, matched, f"the element has no attribute {name.decode()}")

    def end(self, tag: _Tag) -> int:
        """Where the content of an element ends: at its end tag."""
        if tag.empty:
            return tag.content
        pattern, depth, place = _same_name(tag.name), 1, tag.content
        while True:
            found = self._window.search(pattern, place, len(tag.name) + 10)
            if not found:
                self._broken(f"the document ends inside {tag.name.decode()}", tag.start)
            place = self._window.base + found.start()
            if found.group(2):
                place = self._past(found.group(2), place)
            elif found.group(1):
                depth -= 1
                if depth == 0:
                    return place
                place += 2
            else:
                nested = self._tag(place)
                depth += not nested.empty
                place = nested.content

    def _past_element(self, tag: _Tag) -> int:
        if tag.empty:
            return tag.content
        end = self._window.find(b">", self.end(tag))
        return end + 1 if end >= 0 else self._broken("an end tag without >", tag.start)

    def _markup(self, place: int) -> tuple[int, bytes]:
        """The next markup and its kind; b"" is a start tag."""
        found = self._window.search(_MARKUP, place, 10)
        if not found:
            self._broken("the document ends too early", self._window.end)
        return self._window.base + found.start(), found.group(1)

    def _past(self, kind: bytes, place: int) -> int:
        """The place after a comment, a CDATA section or a processing instruction."""
        closing = _CLOSING.get(kind)
        if closing is None:
            self._broken("a document type inside the root", place)
        end = self._window.find(closing, place + 1 + len(kind))
        return end + len(closing) if end >= 0 else self._broken(f"no {closing.decode()}", place)

    def _past_doctype(self, place: int) -> int:
        found = self._window.match(_DOCTYPE, place)
        return self._window.base + found.end() if found else self._broken("no end of the document type", place)

    def _tag(self, place: int) -> _Tag:
        found = self._window.match(_START_TAG, place)
        if not found:
            self._broken("a start tag without >", place)
        empty = found.group(2).endswith(b"/")
        return _Tag(found.group(1), place, self._window.base + found.end(), empty)

    def _broken(self, what: str, place: int) -> NoReturn:
        raise BrokenError(f"not well-formed XML: {what}, byte {place:,}")


@lru_cache(maxsize=64)
def _same_name(name: bytes) -> re.Pattern[bytes]:
    """Tags of that name, and whatever could hide one."""
    return re.compile(rb"<(?:(/)?%b(?=[\s/>])|(!--|!\[CDATA\[|\?))" % re.escape(name))
