"""A list that an editor keeps, as rows: CSV, TSV, JSON, XLSX, or a table on a web page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from urllib.parse import urlsplit

from harvester.model import Document, DocumentError, clean_line
from harvester.registry.options import LinklistOptions
from normalizers.decoding import read_text
from normalizers.linklist.xlsx import is_archive, read_sheet
from normalizers.loose_json import escape, kind, load, text
from normalizers.website.page import Element, Page, PageError, read_page, words

MOST_ROWS = 100_000
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its place below the list's, and its cells by column. ``places`` are those of the cells, below the row's."""

    place: str
    cells: dict[str, str]
    places: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The whole list. ``header`` names the columns that there are, ``place`` where the list stands in its document."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    place: str = "table"


def read_table(document: Document, options: LinklistOptions) -> Table:
    """Read a list in whichever form it comes.

    Raises:
        DocumentError: it is not that form, is cut off or a bomb, or lacks a column that the options name.
    """
    match form_of(document, options):
        case "xlsx":
            found = _from_lines(read_sheet(document, options.sheet))
        case "json":
            found = _from_json(document, options)
        case "html":
            found = _from_html(document, options)
        case form:
            found = _from_lines(_csv(read_text(document), "\t" if form == "tsv" else options.delimiter))
    if lost := [name for name in options.columns.values() if name not in found.header]:
        there = ", ".join(found.header[:30]) or "none at all"
        raise DocumentError(f"The list lacks the columns {', '.join(lost)}; it has {there}.")
    return found


def form_of(document: Document, options: LinklistOptions) -> str:
    """The form of a list: what the options say, else what its bytes, its media type or its name tell."""
    if options.format != "auto":
        return options.format
    if is_archive(document):
        return "xlsx"
    name = urlsplit(document.url).path.lower().rpartition(".")[2]
    with document.open() as stream:
        start = stream.read(1_000).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in {b"[", b"{"}:
        return "json"
    if start[:1] == b"<":
        return "html"
    return "tsv" if name == "tsv" or b"\t" in start.partition(b"\n")[0] else "csv"


def read_csv(document: Document, delimiter: str | None = None) -> Table:
    """Read a CSV with a header; without a delimiter it is told by the first line."""
    return _from_lines(_csv(read_text(document), delimiter))


def _csv(body: str, delimiter: str | None) -> Iterator[list[str]]:
    first = body.partition("\n")[0]
    chosen = delimiter or max(";,|\t", key=first.count)
    width, last = 0, 0
    try:
        for line in csv.reader(StringIO(body, newline=""), delimiter=chosen, strict=True):
            width, last = width or len(line), len(line)
            yield line
        if last < width and not body.endswith(("\n", "\r")):
            raise DocumentError(
                f"The list ends in the middle of a row: it has {last} of {width} fields and is cut off."
            )
    except csv.Error as error:
        raise DocumentError(f"The list cannot be read as CSV with {chosen!r} between the fields: {error}.") from error


def _from_lines(lines: Iterable[list[str]]) -> Table:
    """Rows below the first line that holds anything; the first row after it is row 1."""
    waiting = iter(lines)
    header = next((line for line in waiting if any(map(clean_line, line))), [])
    names = tuple(clean_line(name) for name in header[:MOST_COLUMNS])
    rows: list[Row] = []
    for number, line in enumerate(waiting, 1):
        if number > MOST_ROWS:
            raise DocumentError(f"The list has more than the {MOST_ROWS:_} rows that are read.")
        cells = {name: value for name, value in zip(names, line, strict=False) if name and value.strip()}
        if cells:
            rows.append(Row(f"row[{number}]", cells, {name: name for name in cells}))
    return Table(tuple(name for name in names if name), tuple(rows))


def _from_json(document: Document, options: LinklistOptions) -> Table:
    found: object = load(document)
    for step in options.records.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or key not in found:
            raise DocumentError(f"The list has nothing at {options.records!r}.")
        found = found[key]
    if not isinstance(found, list):
        raise DocumentError(f"There is {kind(found)} at {options.records or 'the top'!r} where the list belongs.")
    if len(found) > MOST_ROWS:
        raise DocumentError(f"The list has more than the {MOST_ROWS:_} rows that are read.")
    header: dict[str, None] = {}
    rows: list[Row] = []
    for index, entry in enumerate(found):
        fields = entry if isinstance(entry, dict) else {}
        header |= dict.fromkeys(map(str, fields))
        cells = {name: text(value) for name, value in fields.items() if text(value).strip()}
        rows.append(Row(f"/{index}", cells, {name: escape(name) for name in cells}))
    return Table(tuple(header), tuple(rows), options.records)


def _from_html(document: Document, options: LinklistOptions) -> Table:
    try:
        page = read_page(document)
    except PageError as error:
        raise DocumentError(str(error)) from error
    for table in page.all(options.table or "table"):
        lines = list(table.iter("tr"))
        names = [clean_line(words(cell)) for cell in lines[0]] if lines else []
        if set(options.columns.values()) <= set(names):
            return Table(tuple(filter(None, names)), tuple(_rows(page, lines[1:], names, options)), "")
    raise DocumentError(f"The page has no table with the columns {', '.join(options.columns.values())}.")


def _rows(page: Page, lines: list[Element], names: list[str], options: LinklistOptions) -> Iterator[Row]:
    links = {column for name, column in options.columns.items() if name in LinklistOptions.LINKS}
    for line in lines[:MOST_ROWS]:
        cells: dict[str, str] = {}
        places: dict[str, str] = {}
        for name, cell in zip(names, line, strict=False):
            anchor = next(cell.iter("a"), None) if name in links else None
            value = anchor.get("href", "") if anchor is not None else words(cell)
            if name and value.strip():
                cells[name] = value
                places[name] = page.locate(cell)
        if cells:
            yield Row("", cells, places)
