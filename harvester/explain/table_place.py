"""Find a row or a cell in a table of separated values (UTF-8), in one pass over the bytes."""

from __future__ import annotations

import csv
import re
from io import StringIO

from harvester.explain.locator import LocatorError
from harvester.explain.place import Place
from harvester.explain.window import Window

_LOCATOR = re.compile(r"(?:table/)?row\[([1-9][0-9]{0,17})\](?:/(.*))?", re.DOTALL)
_DELIMITERS = b"|;,\t"
_QUOTED = re.compile(rb'"(?:[^"]++|"")*+"')
_BOM = re.compile(rb"(?:\xef\xbb\xbf)?")
_EMPTY_LINES = re.compile(rb"[\r\n]*+")


def locate_table(window: Window, locator: str) -> Place:
    """Find a cell as it is written, with its quotes, or a row without its line end.

    ``row[17]/Name``: the first row after the header is 1, and the column is named as in the header (the first
    one of that name). Empty lines are no rows, as for ``csv.DictReader``. The delimiter is the one of ``| ;
    ,`` and tab that the header holds most often outside quotes. Quoting is that of Python's ``csv`` module,
    RFC 4180 read kindly.

    Raises:
        LocatorError: there is no such row, column or cell, or this is no locator of a table.
    """
    wanted = _LOCATOR.fullmatch(locator)
    if not wanted:
        raise LocatorError(locator, "", "this is no locator of a table: row[17] or row[17]/Column")
    number, column = int(wanted.group(1)), wanted.group(2)
    scan = _Scan(window)
    for done in range(number):
        if not scan.next_row():
            raise LocatorError(locator, "", f"the table has only {done:,} rows")
    if column is None:
        start, end = scan.row
        return Place.known(start, end, lambda raw: raw.decode("utf-8", "replace"))
    matched = locator[: -len(column) - 1]
    if column not in scan.columns:
        raise LocatorError(locator, matched, f"there is no column {column!r}; there are {', '.join(scan.columns)}")
    cells = scan.cells()
    position = scan.columns.index(column)
    if position >= len(cells):
        raise LocatorError(locator, matched, f"the row has only {len(cells)} cells")
    start, end = cells[position]
    return Place.known(start, end, scan.text)


class _Scan:
    """Reads row after row; ``row`` is where the last one stands."""

    def __init__(self, window: Window) -> None:
        self._window = window
        begin = window.match_end(_BOM, 0)
        self._place = begin
        self._delimiter = b","
        self._set_patterns()
        self.row = (begin, begin)
        self.next_row()
        # A first line that any delimiter may cut: quotes are dropped, then the most frequent one wins.
        header = _QUOTED.sub(b"", window.slice(*self.row))
        counts = [header.count(bytes([delimiter])) for delimiter in _DELIMITERS]
        if any(counts):
            best = counts.index(max(counts))
            self._delimiter = _DELIMITERS[best : best + 1]
            self._set_patterns()
            self._place = begin
            self.next_row()
        self.columns = [self.text(window.slice(*cell)) for cell in self.cells()]

    def _set_patterns(self) -> None:
        # A quote opens a quoted cell only as its first character; what follows the closing quote belongs to
        # the cell.
        cell = rb'(?:"(?:[^"]++|"")*+"?+)?+[^%b\r\n]*+' % re.escape(self._delimiter)
        self._cell = re.compile(cell)
        self._row = re.compile(rb"%b(?:%b%b)*+" % (cell, re.escape(self._delimiter), cell))

    def next_row(self) -> bool:
        """Go to the next row; False where there is none."""
        start = self._window.match_end(_EMPTY_LINES, self._place)
        end = self._window.match_end(self._row, start)
        if end == start:
            return False
        self.row = (start, end)
        self._place = end
        return True

    def cells(self) -> list[tuple[int, int]]:
        """Where the cells of the row stand."""
        start, end = self.row
        raw = self._window.slice(start, end)
        found, here = [], 0
        while True:
            cell = self._cell.match(raw, here)
            stop = cell.end() if cell else here
            found.append((start + here, start + stop))
            if stop >= len(raw):
                return found
            here = stop + 1

    def text(self, raw: bytes) -> str:
        """The text that a cell's bytes stand for."""
        source = StringIO(raw.decode("utf-8", "replace"), newline="")
        return next(iter(next(csv.reader(source, delimiter=self._delimiter.decode()), [])), "")
