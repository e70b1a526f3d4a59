"""Read a message record by record, in constant memory and without trusting it.

No DTD and no entities of its own, no network, no huge nodes; and no more than 64 MiB without a record. The parser is
Expat as Python ships it: it builds its elements in C and they are plain Python objects, which makes looking at them
several times cheaper than at nodes of libxml2 (docs/performance.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from harvester.model import DocumentError
from normalizers.xzufi.element import NAMES, NAMESPACE, Element

_CHUNK = 1 << 16
_SIP = 1 << 10
_HEAD = 1 << 20
_BETWEEN = 1 << 26
_LONGEST = 10_000_000
_SAYS_UTF_16 = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml [^>]{0,200}encoding=[\"']utf-16", re.IGNORECASE)
_RECORDS = frozenset({"schreibe", "loesche"})
_BREAKS = (ParseError, expat.ExpatError, LookupError, ValueError)
"""How the parser says that a document is broken; the last two are for charsets that it does not know."""


class Piece(NamedTuple):
    """A child of the root: its name, its number among those of that name (1 for what is no record), the element."""

    name: str
    number: int
    element: Element


def read_version(stream: BinaryIO, encoding: str | None = None) -> str:
    """Read up to the root's start tag, which tells the version of XZuFi.

    Anything but an XZuFi message is a ``DocumentError``.
    """
    sip = stream.read(_SIP)
    head = _Head(encoding or _charset(sip))
    for _ in range(_HEAD // _SIP):
        version = head.feed(sip)
        if version is not None:
            return version
        if not sip:
            break
        sip = stream.read(_SIP)
    raise DocumentError(f"No XZuFi message: no root element within the first {_HEAD} bytes.")


class _Head:
    """What stands before and in the root's start tag."""

    def __init__(self, encoding: str | None) -> None:
        self._parser = expat.ParserCreate(encoding, "}")
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartNamespaceDeclHandler = self._take_namespace
        self._parser.StartElementHandler = self._take_root
        self._spaces: list[str] = []
        self._version: str | None = None

    def feed(self, sip: bytes) -> str | None:
        """Take the next bytes, none at the end; gives the version as soon as the root has begun."""
        try:
            self._parser.Parse(sip, not sip)
        except _BREAKS as error:
            if self._version is None:
                raise _broken(error) from error
        return self._version

    def _refuse(self, *_: object) -> None:
        line = self._parser.CurrentLineNumber
        raise DocumentError(f"Line {line}: the document declares a DTD; such documents are not read.")

    def _take_namespace(self, _: str | None, uri: str | None) -> None:
        if self._version is None:
            self._spaces.append(uri or "")

    def _take_root(self, tag: str, attributes: dict[str, str]) -> None:
        if self._version is not None:
            return
        own = next((space for space in self._spaces if space.startswith(NAMESPACE)), None)
        if own is None:
            line, shown = self._parser.CurrentLineNumber, "{" + tag if "}" in tag else tag
            raise DocumentError(f"Line {line}: no XZuFi message; its root element is {shown!r}.")
        stated = attributes.get("xzufiVersion", "").strip()
        self._version = stated or own.removeprefix(NAMESPACE).strip("/").replace("_", ".")


def read_pieces(stream: BinaryIO, encoding: str | None = None) -> Iterator[Piece]:
    """Read the children of the root in their order, each when the next one has begun.

    Pieces before a break in the document are still given; then the break is a ``DocumentError`` with its line. The
    document's head must have been read before (``read_version``), which refuses a DTD.
    """
    chunk = stream.read(_CHUNK)
    tree = _Tree(encoding or _charset(chunk))
    numbers: dict[str, int] = {}
    since = 0
    while True:
        tree.feed(chunk)
        since += len(chunk)
        for element in tree.take():
            if since > _LONGEST and any(len(each.text or "") > _LONGEST for each in element.iter()):
                raise DocumentError(f"The document is no well-formed XML for us: a text is longer than {_LONGEST}.")
            name, number = NAMES[element.tag], 1
            if name in _RECORDS:
                numbers[name] = number = numbers.get(name, 0) + 1
                since = 0
            yield Piece(name, number, element)
        if tree.broken is not None:
            raise tree.broken
        if not chunk:
            return
        if since > _BETWEEN:
            raise DocumentError(f"More than {_BETWEEN} bytes without a record; the document is not read on.")
        chunk = stream.read(_CHUNK)


class _Tree:
    """The part of a document that has been parsed and not been taken yet. ``broken`` tells where it breaks off."""

    def __init__(self, encoding: str | None) -> None:
        self._builder = TreeBuilder()
        self._above = self._builder.start("", {})  # the document's root becomes its child
        self._parser = XMLParser(target=self._builder, encoding=encoding)  # noqa: S314 - the head has no DTD
        self._ended = False
        self.broken: DocumentError | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes, none at the end."""
        try:
            if data:
                self._parser.feed(data)
            else:
                self._parser.close()
                self._ended = True
        except _BREAKS as error:
            self.broken = _broken(error)

    def take(self) -> Iterator[Element]:
        """Give the children of the root that have ended, each out of the tree, so that it goes when nobody needs it."""
        root = self._above[0] if len(self._above) else self._above
        count = self._count(root)
        waiting = root[:count]
        del root[:count]
        waiting.reverse()
        while waiting:
            yield waiting.pop()

    def _count(self, root: Element) -> int:
        """How many have ended: the last one may go on, unless a new element would come behind it and not into it."""
        count = len(root)
        if self.broken is not None and root is not self._above:
            probe = self._builder.start("", {})  # nothing else will come any more
            if count < len(root):
                root.remove(probe)
                return count
        return count if self._ended else max(count - 1, 0)


def _broken(error: Exception) -> DocumentError:
    line, column = getattr(error, "position", None) or (getattr(error, "lineno", 1), getattr(error, "offset", 0))
    what = str(error).partition(": line ")[0]
    return DocumentError(f"Line {line}, column {column + 1}: the document is no well-formed XML ({what}).")


def _charset(begin: bytes) -> str | None:
    """UTF-8 where a document says UTF-16 in single bytes: it was a text before it was written, and kept that name."""
    declared = _SAYS_UTF_16.match(begin)
    return "utf-8" if declared else None
