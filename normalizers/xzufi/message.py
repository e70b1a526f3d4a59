"""From a document of an XZuFi source to records and issues."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from pydantic import ValidationError

from harvester.model import Context, Document, DocumentError, Entity, Found, Reading
from normalizers.notes import Notes
from normalizers.xzufi.element import Element, child_of, children, local_name
from normalizers.xzufi.envelope import FIELD, read_message
from normalizers.xzufi.identifier import read_id
from normalizers.xzufi.record import READERS
from normalizers.xzufi.region import Inside
from normalizers.xzufi.stream import Piece, read_pieces, read_version
from normalizers.xzufi.tally import Tally

_VERSIONS = ("2.1", "2.2", "2.3")
_NO_RECORDS = frozenset({"nachrichtenkopf", "transaktionID", "transaktionPosition"})


def normalize(document: Document, context: Context) -> Iterator[Reading]:
    """Read a document: ``message`` is XML, ``page`` is JSON around XML; ``index`` and ``cursor`` hold no records."""
    match document.role:
        case "message":
            with document.open() as head, document.open() as body:
                yield from _Message("", context).read(head, body, None)
        case "page":
            if message := read_message(document):
                yield from _Message(f"/{FIELD}!", context).read(BytesIO(message), BytesIO(message), "utf-8")
        case "index" | "cursor":
            return
        case _:
            raise DocumentError(f"A document of the role {document.role!r} is not known to XZuFi.")


class _Message:
    """One message while it is read. ``prefix`` is the place of the message within its document."""

    def __init__(self, prefix: str, context: Context) -> None:
        self._prefix = prefix
        self._notes = Notes("xzufi")
        self._tally = Tally()
        self._inside = Inside(context.options.regions_within)

    def read(self, head: BinaryIO, body: BinaryIO, encoding: str | None) -> Iterator[Reading]:
        """Read head, records and what is left to say."""
        self._check_version(read_version(head, encoding))
        for piece in read_pieces(body, encoding):
            yield from self._read_piece(piece)
            yield from self._notes.take()
        yield from self._tally.tell()

    def _check_version(self, version: str) -> None:
        if not version.startswith(_VERSIONS):
            message = f"Version {version!r} of XZuFi is not known; it is read like 2.3"
            self._tally.count("xzufi.unknown-version", "", f"{self._prefix}/*", message)

    def _read_piece(self, piece: Piece) -> Iterator[Reading]:
        locator = f"{self._prefix}/*/{local_name(piece.name)}[{piece.number}]"
        if piece.name == "schreibe":
            for name, number, child in children(piece.element):
                local = local_name(name)
                step = local if number == 1 else f"{local}[{number}]"  # the schema allows one
                yield from self._guarded(name, child, f"{locator}/{step}")
        elif piece.name == "loesche":
            yield from self._guarded("loesche", piece.element, locator)
        elif piece.name not in _NO_RECORDS:
            message = f"The element {piece.name!r} below the root is not known and was not read"
            self._tally.count("xzufi.unknown-element", piece.name, locator, message)

    def _guarded(self, name: str, element: Element, locator: str) -> Iterator[Reading]:
        """Read a record; one that breaks the common model's rules is left out with an error, and the rest go on."""
        reader = READERS.get(name)
        if reader is None:
            message = f"The record {name!r} is not known and was not read"
            self._tally.count("xzufi.unknown-record", name, locator, message)
            return
        try:
            for record in reader.read(element, locator, self._notes, self._tally):
                if self._concerns(record, locator):
                    yield Found(record, locator)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            message = f"The record cannot be kept: {'/'.join(map(str, first['loc']))}: {first['msg']}."
            self._notes.error("invalid", locator, message, read_id(child_of(element, "id"), reader.kind)[:300])

    def _concerns(self, record: Entity, locator: str) -> bool:
        """Tell whether a record's regions let it pass; where an office stands says nothing of whom it serves."""
        regions = getattr(record, "regions", ())
        if self._inside(regions):
            return True
        message = "Records were left out because all their regions lie outside regions_within"
        self._tally.count("xzufi.outside", "", locator, message)
        return False
