"""PVOG's bulk CSV: services and online services of a region, without texts.

A row is a pair of service (Leistung) and online service (Onlinedienst); a service without one has a single row. The
rows of a service need not stand together. ``Updatedatum`` is the time of PVOG's import and not of the editor's last
word; it is the only date the file has, so ``modified_at`` holds it under the rule ``pvog.csv.imported``. Details, where
they are fetched, know better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester.model import (
    Context,
    Document,
    Found,
    Issue,
    Link,
    LinkRole,
    OnlineService,
    Reading,
    Service,
    clean_line,
)
from harvester.model.provenance import Trace, origin
from normalizers.keys import read_keys
from normalizers.link_list import LinkList
from normalizers.moment import BERLIN, read_german
from normalizers.notes import Notes
from normalizers.pvog.table import Column, Row, Table, read_table
from normalizers.record import make

_TABLE = "table"
_NEXT_ADDRESS = re.compile(r"[\s,;]+(?=https?://)", re.IGNORECASE)


def read_csv(document: Document, context: Context) -> Iterator[Reading]:
    """Read services in the order of their first row, then online services."""
    table = read_table(document)
    notes = Notes("pvog")
    _note_shape(table, notes)
    services = _by_service(table, notes)
    yield from notes.take()
    online: dict[str, list[tuple[Row, Link | None]]] = {}
    for remote_id, rows in services.items():
        service = _service(remote_id, rows, context, notes, online)
        if service:
            yield service
        yield from notes.take()
    for remote_id, uses in online.items():
        dienst = _online_service(remote_id, uses, notes)
        if dienst:
            yield dienst
        yield from notes.take()


def read_index(document: Document) -> Iterator[Issue]:
    """Read the CSV as a mere list of what details there are: it gives no records, only complaints."""
    table = read_table(document)
    notes = Notes("pvog")
    _note_shape(table, notes)
    yield from notes.take()


def _note_shape(table: Table, notes: Notes) -> None:
    for name in table.unknown:
        notes.info("unknown-column", f"{_TABLE}/header/{name}", f"The column {name!r} is unknown and was not read.")
    for column in table.missing:
        notes.warning("missing-column", f"{_TABLE}/header", f"The column {column.value!r} is missing.")
    for row in table.broken:
        message = f"The row has {row.width} fields instead of {len(table.header)} and was not read."
        notes.error("row-width", f"{_TABLE}/row[{row.number}]", message, row.service[:300])


def _by_service(table: Table, notes: Notes) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in table.rows:
        if row.service:
            found.setdefault(row.service, []).append(row)
        else:
            notes.error(
                "no-id", _place(row, Column.SERVICE, absolute=True), "The row names no service and was not read."
            )
    return found


def _service(
    remote_id: str,
    rows: list[Row],
    context: Context,
    notes: Notes,
    online: dict[str, list[tuple[Row, Link | None]]],
) -> Found | None:
    trace: Trace = {"remote_id": origin(_place(rows[0], Column.SERVICE), "pvog.csv.id")}
    official = _single(rows, Column.NAME, notes, remote_id)
    title = _single(rows, Column.TITLE, notes, remote_id) or official
    if not title:
        notes.error("no-title", _place(rows[0], Column.NAME, absolute=True), "The service has no name.", remote_id)
        return None
    trace["title"] = origin(title[1], "pvog.csv.title")
    if official:
        trace["official_title"] = origin(official[1], "pvog.csv.name")
    keys = read_keys(row.cells[Column.KEYS] for row in rows)
    for broken in keys.broken:
        row = next(row for row in rows if broken in row.cells[Column.KEYS])
        place = _place(row, Column.KEYS, absolute=True)
        notes.warning("key", place, f"{broken!r} is no LeiKa key (14 digits beginning with 99).", remote_id)
    if keys.good:
        trace["leika_keys"] = origin(_place(rows[0], Column.KEYS), "pvog.csv.keys")
    modified_at = None
    if updated := _single(rows, Column.UPDATED, notes, remote_id):
        modified_at = read_german(updated[0], BERLIN)
        trace["modified_at"] = origin(updated[1], "pvog.csv.imported")
        if modified_at is None:
            del trace["modified_at"]
            message = f"{updated[0]!r} is no time such as '20.01.2025 00:48'."
            notes.warning("time", f"{_TABLE}/{updated[1]}", message, remote_id)
    trace["regions"] = origin(f"row[{rows[0].number}]", "pvog.csv.asked-region")
    fields = {
        "remote_id": remote_id,
        "title": title[0],
        "official_title": official[0] if official else "",
        "language": context.options.language,
        "leika_keys": keys.good,
        "regions": (context.region,),
        "links": _links(remote_id, rows, context, notes, trace, online),
        "modified_at": modified_at,
        "provenance": trace,
    }
    return make(notes, Service, _TABLE, fields)


def _single(rows: list[Row], column: Column, notes: Notes, remote_id: str) -> tuple[str, str] | None:
    """The first value of a column that all rows of a service should agree on, with its place."""
    found: tuple[str, str] | None = None
    for row in rows:
        value = clean_line(row.cells.get(column, ""))
        if value and found is None:
            found = value, _place(row, column)
        elif value and found and value != found[0]:
            message = f"The service has {found[0]!r} in its first row and {value!r} here; the first one counts."
            notes.warning("rows-disagree", _place(row, column, absolute=True), message, remote_id)
    return found


def _links(
    remote_id: str,
    rows: list[Row],
    context: Context,
    notes: Notes,
    trace: Trace,
    online: dict[str, list[tuple[Row, Link | None]]],
) -> tuple[Link, ...]:
    """Links to apply, each address once per service; fills ``online`` with the uses of each online service."""
    links = LinkList(notes, trace, remote_id, context.options.language, _TABLE)
    for row in rows:
        service = clean_line(row.cells[Column.ONLINE_SERVICE]) or None
        added: Link | None = None
        for address in _NEXT_ADDRESS.split(row.cells[Column.LINKS]):
            place = _place(row, Column.LINKS)
            label = row.cells.get(Column.ONLINE_TITLE, "")
            added = links.add(address, LinkRole.APPLY, place, "pvog.csv.link", label=label, online_service=service)
            if added and service:
                online.setdefault(service, []).append((row, added))
        if service and not added:
            online.setdefault(service, []).append((row, None))
    return links.links


def _online_service(remote_id: str, uses: list[tuple[Row, Link | None]], notes: Notes) -> Found | None:
    row = uses[0][0]
    trace: Trace = {"remote_id": origin(_place(row, Column.ONLINE_SERVICE), "pvog.csv.online-id")}
    title = _single([use for use, _ in uses], Column.ONLINE_TITLE, notes, remote_id)
    if title is None:
        place = _place(row, Column.ONLINE_TITLE, absolute=True)
        notes.warning("no-title", place, "The online service has no name; its identifier stands in.", remote_id)
        title = remote_id, _place(row, Column.ONLINE_SERVICE)
    trace["title"] = origin(title[1], "pvog.csv.online-title")
    links = LinkList(notes, trace, remote_id, "de", _TABLE)
    for use, link in uses:
        if link:
            own = link.model_copy(update={"online_service": remote_id, "label": title[0]})
            links.put(own, _place(use, Column.LINKS), "pvog.csv.link")
    fields = {"remote_id": remote_id, "title": title[0], "links": links.links, "provenance": trace}
    return make(notes, OnlineService, _TABLE, fields)


def _place(row: Row, column: Column, *, absolute: bool = False) -> str:
    """Where a value stands, in the table or absolutely."""
    place = f"row[{row.number}]/{column}"
    return f"{_TABLE}/{place}" if absolute else place
