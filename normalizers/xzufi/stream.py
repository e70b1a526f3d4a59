"""Read a message record by record, in constant memory and without trusting it.

No DTD, no entities of its own, no network, no huge nodes; and no more than 64 MiB without a record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Literal, NamedTuple

from lxml import etree

from harvester.model import DocumentError
from normalizers.xzufi.element import NAMES, NAMESPACE, Element

_CHUNK = 1 << 16
_SIP = 1 << 10
_HEAD = 1 << 20
_BETWEEN = 1 << 26
_RECORDS = ("{*}schreibe", "{*}loesche")


class Piece(NamedTuple):
    """A child of the root: its name, its number among those of that name, the element.

    The element is valid until the next piece is asked for.
    """

    name: str
    number: int
    element: Element


class Head(NamedTuple):
    """What the root says: its tag, and the version of XZuFi, empty where it says none."""

    tag: str
    version: str


def _parser(event: Literal["start", "end"], tag: tuple[str, ...] | None, encoding: str | None) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=(event,),
        tag=tag,
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _elements(parser: etree.XMLPullParser) -> Iterator[Element]:
    """The elements of the events that are waiting."""
    for _, found in parser.read_events():
        if isinstance(found, Element):
            yield found


def read_head(stream: BinaryIO, encoding: str | None = None) -> Head:
    """Read up to the root's start tag; anything but an XZuFi message is a ``DocumentError``."""
    parser = _parser("start", None, encoding)
    for _ in range(_HEAD // _SIP):
        sip = stream.read(_SIP)
        try:
            if not sip:
                parser.close()
            parser.feed(sip)
        except etree.XMLSyntaxError as error:
            raise _broken(error) from error
        for root in _elements(parser):
            return _check(root)
    raise DocumentError(f"No XZuFi message: no root element within the first {_HEAD} bytes.")


def _check(root: Element) -> Head:
    info = root.getroottree().docinfo
    if any(dtd is not None for dtd in (info.internalDTD, info.externalDTD)):
        raise DocumentError(f"Line {root.sourceline}: the document declares a DTD; such documents are not read.")
    spaces = [space for space in (root.tag[1:].partition("}")[0], *root.nsmap.values()) if space]
    own = next((space for space in spaces if space.startswith(NAMESPACE)), None)
    if own is None:
        raise DocumentError(f"Line {root.sourceline}: no XZuFi message; its root element is {root.tag!r}.")
    version = (root.get("xzufiVersion") or "").strip()
    return Head(root.tag, version or own.removeprefix(NAMESPACE).strip("/").replace("_", "."))


def read_pieces(stream: BinaryIO, encoding: str | None = None) -> Iterator[Piece]:
    """Read the children of the root: records as they end, and the others (header …) when the next record has ended.

    Pieces before a break in the document are still given; then the break is a ``DocumentError`` with its line.
    """
    parser = _parser("end", _RECORDS, encoding)
    numbers: dict[str, int] = {}
    since = 0
    while chunk := stream.read(_CHUNK):
        broken = None
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            broken = error
        since += len(chunk)
        for element in _elements(parser):
            root = element.getparent()
            if root is None or root.getparent() is not None:
                continue
            since = 0
            yield from _others(element)
            name = NAMES[element.tag]
            number = numbers[name] = numbers.get(name, 0) + 1
            yield Piece(name, number, element)
            element.clear()
        if broken is not None:
            raise _broken(broken) from broken
        if since > _BETWEEN:
            raise DocumentError(f"More than {_BETWEEN} bytes without a record; the document is not read on.")
    try:
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise _broken(error) from error
    for child in root:
        name = NAMES[child.tag]
        if name not in {"schreibe", "loesche"}:
            yield Piece(name, 1, child)


def _others(element: Element) -> Iterator[Piece]:
    """Take everything before a record out of the tree; what is no record is given as a piece."""
    root = element.getparent()
    previous = element.getprevious()
    while root is not None and previous is not None:
        name = NAMES[previous.tag]
        if name not in {"schreibe", "loesche"}:
            yield Piece(name, 1, previous)
        root.remove(previous)
        previous = element.getprevious()


def _broken(error: etree.XMLSyntaxError) -> DocumentError:
    line, column = error.position
    return DocumentError(f"Line {line}, column {column}: the document is no well-formed XML ({error.msg}).")
