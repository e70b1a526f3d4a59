"""PVOG's bulk CSV (Suchdienst API, ``/v5/servicedescriptions/csv``) as a table of rows.

As of the export of January 2025: UTF-8, ``|`` between the fields, a header, a line feed after every row, and no quoted
fields: a quotation mark inside a text is doubled (``Programm ""Energie"" Nr. 430``) and would escape a ``|`` or a line
feed the same way. Fields in quotation marks (RFC 4180) are understood as well, should the export begin to use them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from harvester.model import Document, DocumentError, clean_line
from normalizers.decoding import read_text


class Column(StrEnum):
    """The columns by what they hold; the value is the name in the header."""

    SERVICE = "ID-LB"
    KEYS = "Leikaschlüssel"
    NAME = "Name"
    TITLE = "Name2"
    UPDATED = "Updatedatum"
    ONLINE_SERVICE = "ID-OD"
    ONLINE_TITLE = "Bezeichnung OD"
    LINKS = "Links"


_NECESSARY = (Column.SERVICE, Column.KEYS, Column.NAME, Column.ONLINE_SERVICE, Column.LINKS)
_LONGEST = 50  # lines a single row may span; a stray quotation mark must not swallow the rest of the file
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=\||\Z)')
_OPEN_QUOTED = re.compile(r'(?:"")*"(?=[^"|\n])')
_PLAIN = re.compile(r'(?:[^"|]|"["|\n]|"(?=[^"|\n]))*')
_ESCAPED = re.compile(r'"(["|\n])')


@dataclass(frozen=True, slots=True)
class Row:
    """A row; the first one after the header has number 1. ``width`` is how many fields it really has."""

    number: int
    cells: dict[Column, str]
    width: int

    @property
    def service(self) -> str:
        """The identifier of the service that the row belongs to, empty if there is none."""
        return clean_line(self.cells.get(Column.SERVICE, ""))


@dataclass(frozen=True, slots=True)
class Table:
    """The whole file. ``broken`` rows have too few or too many fields; only their first field can be trusted."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    broken: tuple[Row, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns that nobody reads."""
        return tuple(name for name in self.header if name not in set(Column))

    @property
    def missing(self) -> tuple[Column, ...]:
        """Columns that are gone and that one can do without."""
        return tuple(column for column in Column if column not in self.header)

    @property
    def services(self) -> tuple[str, ...]:
        """All identifiers of services, each once, in their order; those of broken rows too."""
        rows = sorted((*self.rows, *self.broken), key=lambda row: row.number)
        return tuple(dict.fromkeys(row.service for row in rows if row.service))

    @property
    def expected(self) -> int:
        """How many services the file means to list: a row without an identifier is one that will be missed."""
        return len(self.services) + sum(not row.service for row in (*self.rows, *self.broken))


def read_table(document: Document) -> Table:
    """Read the file; no header, a necessary column gone, or a file that ends inside a row is a ``DocumentError``."""
    body = read_text(document)
    if not body:
        raise DocumentError("The table is empty: it has not even a header.")
    lines = body.split("\n")
    header = tuple(clean_line(name) for name in (_split(lines[0].rstrip("\r")) or ()))
    lost = [column for column in _NECESSARY if column not in header]
    if lost:
        raise DocumentError(f"The table lacks the columns {', '.join(lost)}; its first line is {lines[0][:200]!r}.")
    if lines.pop():
        raise DocumentError(f"The table is cut off: line {len(lines) + 1}, the last one, has no end.")
    del lines[0]
    columns = [Column(name) if name in set(Column) else None for name in header]
    rows: list[Row] = []
    broken: list[Row] = []
    position, number = 0, 0
    while position < len(lines):
        fields, used = _row(lines, position, len(header))
        position += used
        if fields == [""]:
            continue
        number += 1
        row = Row(number, _cells(columns, fields), len(fields))
        (rows if row.width == len(header) else broken).append(row)
    return Table(header, tuple(rows), tuple(broken))


def _cells(columns: list[Column | None], fields: list[str]) -> dict[Column, str]:
    """The fields of the known columns; of a row of wrong width only the first."""
    if len(fields) != len(columns):
        return {Column.SERVICE: fields[0]} if columns[0] is Column.SERVICE else {}
    return {column: field for column, field in zip(columns, fields, strict=True) if column}


def _row(lines: list[str], position: int, width: int) -> tuple[list[str], int]:
    """The fields of the row that begins at a line, and how many lines it takes."""
    first = lines[position].rstrip("\r")
    if '"' not in first:
        return first.split("|"), 1
    joined, ended = first, False
    for used in range(1, _LONGEST):
        fields = _split(joined)
        if fields is not None:
            if used == 1 or len(fields) == width:
                return fields, used
            break
        ended = position + used >= len(lines)
        if ended:
            break
        joined += "\n" + lines[position + used].rstrip("\r")
    plain = [field.replace('""', '"') for field in first.split("|")]
    if ended and len(plain) != width:
        raise DocumentError(f"The table is cut off: the row that begins in line {position + 2} has no end.")
    return plain, 1


def _split(line: str) -> list[str] | None:
    """Part a row into fields; None where it goes on in the next line."""
    fields: list[str] = []
    at = 0
    while True:
        if _OPEN_QUOTED.match(line, at):
            found = _QUOTED.match(line, at)
            if found is None:
                return None
            fields.append(found[1].replace('""', '"'))
        else:
            found = _PLAIN.match(line, at)
            assert found is not None  # noqa: S101 - the pattern matches the empty text
            fields.append("" if found[0] == '""' else _ESCAPED.sub(r"\1", found[0]))
        at = found.end()
        if at == len(line):
            return fields
        if line[at] == '"':
            return None
        at += 1
