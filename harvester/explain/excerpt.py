"""Excerpts: the bytes at a place, with a little of what stands around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO

from harvester.explain.charset import as_utf8
from harvester.explain.css_place import locate_css
from harvester.explain.json_place import locate_json
from harvester.explain.locator import Form, LocatorError, form_of, split_inner
from harvester.explain.place import BrokenError, Place
from harvester.explain.table_place import locate_table
from harvester.explain.window import Readable, Window
from harvester.explain.xml_place import locate_xml

_LOCATE = {Form.XML: locate_xml, Form.JSON: locate_json, Form.TABLE: locate_table, Form.CSS: locate_css}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Raw bytes at a place: the value from ``start`` to ``end`` (offsets in bytes), and what stands around it.

    The value is an element's content or an attribute without its quotes (XML), a JSON value as it is written
    (strings with their quotes), a cell with its quotes (tables), or an element's inside, its tag where it has none (HTML).
    A value longer than the limit is cut: ``truncated``.

    ``transcoded_from`` names the encoding of a document that is not UTF-8: bytes and offsets are then those
    of the document transcoded to UTF-8, with U+FFFD for what could not be decoded. ``inside`` is the locator
    of the text that the excerpt was taken from when the document holds another one (``A!B``): bytes and
    offsets are then those of the decoded text (as UTF-8) that stands at A.
    """

    start: int
    end: int
    before: bytes
    value: bytes
    after: bytes
    transcoded_from: str = ""
    inside: str = ""

    @property
    def truncated(self) -> bool:
        """Whether ``value`` is only the beginning of what stands there."""
        return len(self.value) < self.end - self.start


def excerpt(
    stream: BinaryIO, locator: str, *, around: int = 120, limit: int = 4000, charset: str | None = None
) -> Excerpt:
    """Take the bytes at ``locator`` from a document.

    The stream is read once from where it stands, in constant memory; only the text at A of ``A!B`` is held
    whole. ``around`` and ``limit`` are in bytes and may cut a character in two. ``charset`` is what is known
    of the encoding from outside, such as a Content-Type; a byte order mark is believed before it, an XML
    declaration after it.

    Raises:
        LocatorError: the locator leads nowhere; the message says how far it led. Also where the document
            breaks off or is malformed on the way.
    """
    return _excerpt(stream, locator, around, limit, charset)


def _excerpt(stream: Readable, locator: str, around: int, limit: int, charset: str | None) -> Excerpt:
    outer, inner = split_inner(locator)
    try:
        form = form_of(outer)
        utf8, transcoded_from = as_utf8(stream, form, charset)
        window = Window(utf8, keep=around)
        place = _locate(window, outer, form)
        if inner is None:
            return replace(_cut(window, place, around, limit), transcoded_from=transcoded_from)
        text = _text(window, place)
    except LocatorError as error:
        raise LocatorError(locator, error.matched, error.why) from error
    except (BrokenError, ValueError, LookupError) as error:
        raise LocatorError(locator, "", str(error)) from error
    try:
        found = _excerpt(BytesIO(text.encode("utf-8", "replace")), inner, around, limit, "utf-8")
    except LocatorError as error:
        raise LocatorError(locator, f"{outer}!{error.matched}", error.why) from error
    return replace(found, inside=f"{outer}!{found.inside}" if found.inside else outer, transcoded_from=transcoded_from)


def _locate(window: Window, locator: str, form: Form) -> Place:
    return _LOCATE[form](window, locator)


def _cut(window: Window, place: Place, around: int, limit: int) -> Excerpt:
    """Take the beginning of the value before its end is looked for: it may lie a gigabyte further on."""
    before = window.slice(max(0, place.start - around), place.start)
    head = window.slice(place.start, place.start + limit)
    end = place.find_end()
    after = window.slice(end, end + around)
    return Excerpt(place.start, end, before, head[: end - place.start], after)


def _text(window: Window, place: Place) -> str:
    window.pin = place.start
    end = place.find_end()
    return place.decode(window.slice(place.start, end))
