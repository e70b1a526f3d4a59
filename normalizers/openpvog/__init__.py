"""Open-PVOG: the Data Hub's export of a region, one row per service and address, with its own opinion on each address.

Assumed from descriptions of the export, since no document of it is public: a header with the names below, ``ok`` or ``nicht ok`` in
``online_status``, and true or false in one of the usual spellings in ``aktiv``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harvester.model import Ars, Context, Document, DocumentError, Found, LinkRole, Reading, Service, clean_line
from harvester.model.provenance import Trace, origin
from normalizers.keys import read_keys
from normalizers.link_list import LinkList
from normalizers.linklist.table import Row, Table, read_csv
from normalizers.notes import Notes
from normalizers.record import make

NECESSARY = ("leika_key", "leika_bezeichnung", "ars", "url")
_OTHERS = (
    "leika_name",
    "ars_name",
    "ozgid",
    "ozg_bezeichnung",
    "online_status",
    "aktiv",
    "art_flaechendeckung",
    "begruendung_nicht_beruecksichtigt",
    "datenstand_pvog_import",
)
_NO = frozenset({"false", "nein", "0", "n", "f"})


def read_export(document: Document) -> Table:
    """Read the export; one that lacks a necessary column is a ``DocumentError``."""
    table = read_csv(document)
    if lost := [name for name in NECESSARY if name not in table.header]:
        raise DocumentError(f"The export lacks the columns {', '.join(lost)}; it has {', '.join(table.header[:30])}.")
    return table


def grouped(rows: tuple[Row, ...]) -> dict[str, list[Row]]:
    """Rows by service and region; those without a key are under the empty identifier."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        key, ars = clean_line(row.cells.get("leika_key", "")), clean_line(row.cells.get("ars", ""))
        found.setdefault(f"{key}@{ars}" if key else "", []).append(row)
    return found


def normalize(document: Document, context: Context) -> Iterator[Reading]:
    """Read each service of the export, and what was odd about it."""
    if document.role != "export":
        raise DocumentError(f"Open-PVOG has no documents of the role {document.role!r}; there is only 'export'.")
    table = read_export(document)
    notes = Notes("openpvog")
    notes.unknown("a row", table.header, {*NECESSARY, *_OTHERS}, "")
    for name in _OTHERS:
        if name not in table.header:
            notes.warning("missing-field", "table", f"The column {name!r} is gone; the export has changed.")
    yield from notes.take()
    for remote_id, rows in grouped(table.rows).items():
        if not remote_id:
            for row in rows:
                notes.error("no-key", f"table/{row.place}", "The row has no key and was not read.")
        else:
            found = _read(remote_id, rows, context, notes)
            if found:
                yield found
        yield from notes.take()


def _read(remote_id: str, rows: list[Row], context: Context, notes: Notes) -> Found | None:
    first = rows[0]
    trace: Trace = {"remote_id": origin(f"{first.place}/leika_key", "openpvog.id")}
    name = "leika_bezeichnung" if clean_line(first.cells.get("leika_bezeichnung", "")) else "leika_name"
    title = clean_line(first.cells.get(name, ""))
    if not title:
        notes.error("no-title", f"table/{first.place}", "The service has no name and was not read.", remote_id)
        return None
    trace["title"] = origin(f"{first.place}/{name}", "openpvog.title")
    keys = read_keys([first.cells.get("leika_key", "")])
    for broken in keys.broken:
        message = f"{broken!r} is no LeiKa key (14 digits beginning with 99)."
        notes.warning("key", f"table/{first.place}/leika_key", message, remote_id)
    fields: dict[str, Any] = {
        "remote_id": remote_id,
        "title": title,
        "leika_keys": keys.good,
        "regions": _regions(first, context, notes, remote_id),
        "links": _links(rows, notes, trace, remote_id),
        "provenance": trace,
    }
    for field, column in (("leika_keys", "leika_key"), ("regions", "ars")):
        if fields[field]:
            trace[field] = origin(f"{first.place}/{column}", f"openpvog.{column.replace('_', '-')}")
    return make(notes, Service, "table", fields)


def _regions(row: Row, context: Context, notes: Notes, remote_id: str) -> tuple[Ars, ...]:
    written = clean_line(row.cells.get("ars", ""))
    if not written:
        return ()
    try:
        return (Ars.padded(written),)
    except ValueError:
        message = f"{written!r} is no regional key; the source's own region {context.region} holds."
        notes.warning("region", f"table/{row.place}/ars", message, remote_id)
        return ()


def _links(rows: list[Row], notes: Notes, trace: Trace, remote_id: str) -> tuple[Any, ...]:
    """Addresses of all rows that are in force. What the Data Hub thinks of one is kept as its rule, and told if it is bad."""
    links = LinkList(notes, trace, remote_id, "de", "table")
    for row in rows:
        raw, status = row.cells.get("url", ""), clean_line(row.cells.get("online_status", "")).casefold()
        if not raw or clean_line(row.cells.get("aktiv", "")).casefold() in _NO:
            continue
        opinion = "ok" if status == "ok" else "not-ok" if status else "unknown"
        added = links.add(raw, LinkRole.APPLY, f"{row.place}/url", f"openpvog.link.{opinion}")
        if added is not None and opinion == "not-ok":
            message = f"The Data Hub says that {added.url} does not work."
            notes.info("link-not-ok", f"table/{row.place}/online_status", message, remote_id)
    return links.links
