"""A sheet of an Excel file (Office Open XML), after a look into the archive: files come from strangers."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

from openpyxl import load_workbook

from harvester.model import Document, DocumentError

MOST_BYTES = 50_000_000
"""Of the file as it is."""

MOST_UNPACKED = 300_000_000
"""Of all its members together."""

MOST_MEMBERS = 2_000
MOST_TIMES = 200
"""How many times larger than packed a member may be, once it is large at all."""

_LARGE = 5_000_000
_MAGIC = b"PK\x03\x04"
_MOST_EMPTY = 1_000
_MOST_CELLS = 200


def is_archive(document: Document) -> bool:
    """Whether a document begins as a zip archive does."""
    with document.open() as stream:
        return stream.read(4) == _MAGIC


def read_sheet(document: Document, sheet: str | None) -> Iterator[list[str]]:
    """The rows of a sheet (the first one without a name) as texts; formulas count by their last result.

    Raises:
        DocumentError: no such file or sheet, or an archive made to harm.
    """
    with document.open() as stream:
        raw = stream.read(MOST_BYTES + 1)
    _examine(raw)
    try:
        yield from _rows(raw, sheet)
    except DocumentError:
        raise
    except Exception as error:  # openpyxl checks little: a damaged file ends in whatever its models raise
        raise DocumentError(f"The file cannot be read as Excel: {type(error).__name__}: {str(error)[:200]}.") from error


def _rows(raw: bytes, sheet: str | None) -> Iterator[list[str]]:
    book = load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise DocumentError(f"The file has no sheet {sheet!r}; there are {', '.join(book.sheetnames)}.")
        page = book[sheet] if sheet is not None else book.worksheets[0]
        page.reset_dimensions()  # the file's own word for its size may be a million rows
        empty = 0
        for row in page.iter_rows(values_only=True, max_col=_MOST_CELLS):
            line = [_told(value) for value in row]
            empty = 0 if any(line) else empty + 1
            if empty > _MOST_EMPTY:
                return
            yield line
    finally:
        book.close()


def _examine(raw: bytes) -> None:
    """Refuse what unpacks to too much, or brings a document type, in which entities could be declared."""
    if len(raw) > MOST_BYTES:
        raise DocumentError(f"The file is larger than the {MOST_BYTES:_} bytes that are read.")
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
                raise DocumentError("The file is an archive of too many or too large members; it was not unpacked.")
            for member in members:
                if member.file_size > _LARGE and member.file_size > MOST_TIMES * max(member.compress_size, 1):
                    raise DocumentError(f"The member {member.filename!r} grows beyond measure; it was not unpacked.")
                if member.flag_bits & 1:
                    raise DocumentError("The file is encrypted.")
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as stream:
                        if b"<!" in stream.read(2_000).replace(b"<!--", b""):
                            raise DocumentError(f"The member {member.filename!r} declares a document type; not read.")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise DocumentError(f"The file is no archive, or one cut off: {error}.") from error


def _told(value: object) -> str:
    """A cell as text: a key of fourteen digits may be kept as a number."""
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value)
