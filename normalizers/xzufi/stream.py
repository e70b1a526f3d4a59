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


def _feed(parser: etree.XMLPullParser, data: bytes) -> DocumentError | None:
    """Hand bytes over, and tell where the document breaks, if it does.

    lxml raises for most breaks, but goes on from the start after an entity nobody declared; its log has both.
    """
    try:
        parser.feed(data)
    except etree.XMLSyntaxError as error:
        return _broken(*error.position, error.msg or "")
    for entry in parser.feed_error_log:
        if entry.level_name == "FATAL":
            return _broken(entry.line, entry.column, entry.message)
    return None


def _close(parser: etree.XMLPullParser) -> Element:
    """End the document and give its root."""
    try:
        return parser.close()
    except etree.XMLSyntaxError as error:
        raise _broken(*error.position, error.msg or "") from error


def _broken(line: int, column: int, what: str) -> DocumentError:
    return DocumentError(f"Line {line}, column {column}: the document is no well-formed XML ({what}).")


def _elements(parser: etree.XMLPullParser) -> Iterator[Element]:
    """The elements of the events that are waiting."""
    for _, found in parser.read_events():
        if isinstance(found, Element):
            yield found


def read_version(stream: BinaryIO, encoding: str | None = None) -> str:
    """Read up to the root's start tag, which tells the version of XZuFi.

    Anything but an XZuFi message is a ``DocumentError``.
    """
    parser = _parser("start", None, encoding)
    for _ in range(_HEAD // _SIP):
        sip = stream.read(_SIP)
        broken = _feed(parser, sip) if sip else None
        for root in _elements(parser):
            return _check(root)
        if broken is not None:
            raise broken
        if not sip:
            _close(parser)
    raise DocumentError(f"No XZuFi message: no root element within the first {_HEAD} bytes.")


def _check(root: Element) -> str:
    info = root.getroottree().docinfo
    if any(dtd is not None for dtd in (info.internalDTD, info.externalDTD)):
        raise DocumentError(f"Line {root.sourceline}: the document declares a DTD; such documents are not read.")
    own = next((space for space in root.nsmap.values() if space.startswith(NAMESPACE)), None)
    if own is None:
        raise DocumentError(f"Line {root.sourceline}: no XZuFi message; its root element is {root.tag!r}.")
    version = (root.get("xzufiVersion") or "").strip()
    return version or own.removeprefix(NAMESPACE).strip("/").replace("_", ".")


def read_pieces(stream: BinaryIO, encoding: str | None = None) -> Iterator[Piece]:
    """Read the children of the root: records as they end, and the others (header …) when the next record has ended.

    Pieces before a break in the document are still given; then the break is a ``DocumentError`` with its line.
    """
    parser = _parser("end", _RECORDS, encoding)
    numbers: dict[str, int] = {}
    since = 0
    while chunk := stream.read(_CHUNK):
        broken = _feed(parser, chunk)
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
            raise broken
        if since > _BETWEEN:
            raise DocumentError(f"More than {_BETWEEN} bytes without a record; the document is not read on.")
    root = _close(parser)
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
