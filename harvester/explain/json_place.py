"""Find a value in JSON text (UTF-8) by its pointer (RFC 6901), in one pass over the bytes."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from harvester.explain.locator import LocatorError
from harvester.explain.place import BrokenError, Place
from harvester.explain.window import Window

_BLANK = re.compile(rb"[ \t\r\n]*+")
_BOM = re.compile(rb"(?:\xef\xbb\xbf)?")
# Strings and what stands between brackets, as far as they are in memory whole: one match per bracket.
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_IN_STRING = re.compile(rb"(?:[^\"\\]++|\\.)*+", re.DOTALL)
_SCALAR = re.compile(rb"[^\s,\]}\"\[{]+")
_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")
_QUOTE = ord('"')


def locate_json(window: Window, locator: str) -> Place:
    """Find a value as it is written, strings with their quotes.

    Of members with the same name the first counts, although most readers keep the last.

    Raises:
        LocatorError: there is no such value.
        BrokenError: the document breaks off or is not JSON where it was read.
    """
    scan = _Scan(window)
    place = scan.blank(window.match_end(_BOM, 0))
    matched = ""
    for step in locator.split("/")[1:]:
        token = step.replace("~1", "/").replace("~0", "~")
        kind = scan.byte(place)
        if kind == b"{":
            found, why = scan.member(place, token), f"the object has no member {token!r}"
        elif kind == b"[" and _INDEX.fullmatch(token):
            found, why = scan.element(place, int(token)), f"the array is shorter than {int(token) + 1:,}"
        elif kind == b"[":
            found, why = None, f"there is an array here, and {token!r} is no index"
        else:
            found, why = None, "there is neither an object nor an array here"
        if found is None:
            raise LocatorError(locator, matched, why)
        place = found
        matched += "/" + step
    return Place(place, lambda: scan.past_value(place), _text)


def _text(raw: bytes) -> str:
    if not raw.startswith(b'"'):
        message = "the value there is not a text"
        raise ValueError(message)
    return str(json.loads(raw))


class _Scan:
    def __init__(self, window: Window) -> None:
        self._window = window

    def byte(self, place: int) -> bytes:
        """The byte at a place where there must be one."""
        if not self._window.reach(place, 1):
            self.broken("the document ends too early", place)
        return self._window.data[place - self._window.base : place - self._window.base + 1]

    def blank(self, place: int) -> int:
        """The place after white space."""
        return self._window.match_end(_BLANK, place)

    def member(self, place: int, name: str) -> int | None:
        """Where the value of a member begins."""
        place = self.blank(place + 1)
        while self.byte(place) != b"}":
            self._window.pin = place  # the name stays in memory, however long it is
            end = self._past_string(place)
            found = json.loads(self._window.slice(place, end)) == name
            self._window.pin = None
            place = self.blank(end)
            if self.byte(place) != b":":
                self.broken("no colon after a member's name", place)
            place = self.blank(place + 1)
            if found:
                return place
            place = self._past_comma(self.past_value(place), b"}")
        return None

    def element(self, place: int, index: int) -> int | None:
        """Where an element of an array begins."""
        place = self.blank(place + 1)
        while self.byte(place) != b"]":
            if index == 0:
                return place
            index -= 1
            place = self._past_comma(self.past_value(place), b"]")
        return None

    def past_value(self, place: int) -> int:
        """The place after a value."""
        kind = self.byte(place)
        if kind == b'"':
            return self._past_string(place)
        if kind in b"[{":
            return self._past_container(place)
        end = self._window.match_end(_SCALAR, place)
        return end if end > place else self.broken("no value", place)

    def _past_comma(self, place: int, closing: bytes) -> int:
        place = self.blank(place)
        kind = self.byte(place)
        if kind == closing:
            return place
        return self.blank(place + 1) if kind == b"," else self.broken("no comma", place)

    def _past_container(self, start: int) -> int:
        place, depth = start + 1, 1
        while True:
            base, data = self._window.base, self._window.data
            here = _end(_TO_BRACKET, data, place - base)
            while here < len(data) and (kind := data[here]) != _QUOTE:
                depth += 1 if kind in b"[{" else -1
                if depth == 0:
                    return base + here + 1
                here = _end(_TO_BRACKET, data, here + 1)
            place = base + here
            if here < len(data):  # a string whose end is not in memory
                place = self._past_string(place)
            elif not self._window.more(place):
                self.broken("the document ends inside a value that begins here", start)

    def _past_string(self, start: int) -> int:
        if self.byte(start) != b'"':
            self.broken("no string", start)
        place = start + 1
        while True:
            place = self._window.base + _end(_IN_STRING, self._window.data, place - self._window.base)
            if self._window.data.startswith(b'"', place - self._window.base):
                return place + 1
            if not self._window.more(place):
                self.broken("the document ends inside a string that begins here", start)

    def broken(self, what: str, place: int) -> NoReturn:
        """Give up on a document."""
        raise BrokenError(f"not JSON: {what}, byte {place:,}")


def _end(pattern: re.Pattern[bytes], data: bytes, start: int) -> int:
    """Where a pattern that may take nothing ends."""
    found = pattern.match(data, start)
    return found.end() if found else start
