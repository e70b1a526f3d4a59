"""Lists of links that an editor keeps: from rows to services. Rows that name the same service are one, with the links of all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from harvester.model import (
    Context,
    Document,
    DocumentError,
    Found,
    LinkRole,
    Module,
    Origin,
    Reading,
    Service,
    clean_line,
)
from harvester.model.provenance import Trace, origin
from normalizers.keys import read_keys
from normalizers.link_list import LinkList
from normalizers.linklist.table import Row, read_table
from normalizers.moment import BERLIN, read_iso
from normalizers.notes import Notes
from normalizers.record import make
from normalizers.text_list import TextList

_TEXTS = {
    "summary": Module.SUMMARY,
    "description": Module.DESCRIPTION,
    "fees": Module.FEES,
    "office": Module.COMPETENT_OFFICE,
}
_LONGEST_ID = 300


def normalize(document: Document, context: Context) -> Iterator[Reading]:
    """Read each service of a list, and say what was odd."""
    if document.role != "list":
        raise DocumentError(f"A list of links has no documents of the role {document.role!r}; there is only 'list'.")
    table = read_table(document, context.options)
    notes = Notes("linklist")
    notes.unknown("a row", table.header, set(context.options.columns.values()) | set(context.options.ignore), "")
    yield from notes.take()
    for remote_id, rows in grouped(table.rows, context.options.columns).items():
        if not remote_id:
            for row in rows:
                notes.error("no-title", row.place, "The row names no service and was not read.")
        else:
            found = _Entry(remote_id, rows, table.place, context, notes).read()
            if found:
                yield found
        yield from notes.take()


def grouped(rows: tuple[Row, ...], columns: dict[str, str]) -> dict[str, list[Row]]:
    """Rows by the service they name; those that name none are under the empty identifier.

    Where the list has no column for identifiers, key, title and office together are one: a list in which the same service stands
    once for each office names different services.
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        told = [clean_line(row.cells.get(columns[name], "")) for name in ("key", "title", "office") if name in columns]
        own = clean_line(row.cells.get(columns["id"], "")) if "id" in columns else " / ".join(filter(None, told))
        named = clean_line(row.cells.get(columns["title"], ""))
        found.setdefault(own[:_LONGEST_ID] if named else "", []).append(row)
    return found


class _Entry:
    """One service: the first row tells what it is, all of them where one goes."""

    def __init__(self, remote_id: str, rows: list[Row], place: str, context: Context, notes: Notes) -> None:
        self._remote_id, self._rows, self._base = remote_id, rows, place
        self._context, self._notes = context, notes
        self._columns: dict[str, str] = context.options.columns
        self._trace: Trace = {}

    def read(self) -> Found | None:
        """The service."""
        first, trace, language = self._rows[0], self._trace, self._context.options.language
        trace["remote_id"] = self._origin(first, "id" if "id" in self._columns else "title", "id")
        trace["title"] = self._origin(first, "title", "title")
        texts = TextList(language)
        for name, module in _TEXTS.items():
            if value := self._cell(first, name):
                texts.add(module, value, self._place(first, name), f"linklist.{name}")
        fields: dict[str, Any] = {
            "remote_id": self._remote_id,
            "title": clean_line(self._cell(first, "title")),
            "language": language,
            "leika_keys": self._keys(first),
            "texts": texts.finish(trace),
            "links": self._links(language),
            "synonyms": self._keywords(first),
            "modified_at": self._modified(first),
            "provenance": trace,
        }
        return make(self._notes, Service, self._base, fields)

    def _cell(self, row: Row, name: str) -> str:
        return row.cells.get(self._columns.get(name, ""), "")

    def _place(self, row: Row, name: str) -> str:
        """A cell's place below the list's."""
        return "/".join(filter(None, (row.place, row.places.get(self._columns.get(name, ""), ""))))

    def _origin(self, row: Row, name: str, rule: str) -> Origin:
        return origin(self._place(row, name), f"linklist.{rule}")

    def _keys(self, row: Row) -> tuple[Any, ...]:
        keys = read_keys([self._cell(row, "key")])
        for broken in keys.broken:
            message = f"{broken!r} is no LeiKa key (14 digits beginning with 99)."
            self._notes.warning("key", row.place, message, self._remote_id)
        if keys.good:
            self._trace["leika_keys"] = self._origin(row, "key", "key")
        return keys.good

    def _links(self, language: str) -> tuple[Any, ...]:
        links = LinkList(self._notes, self._trace, self._remote_id, language)
        base = self._context.options.base
        for row in self._rows:
            for role in LinkRole:
                if raw := self._cell(row, role.value).strip():
                    if base and raw.startswith("/"):
                        raw = urljoin(base, raw)
                    links.add(raw, role, self._place(row, role.value), f"linklist.{role}")
        return links.links

    def _keywords(self, row: Row) -> tuple[str, ...]:
        words = (clean_line(word) for word in self._cell(row, "keywords").replace(";", ",").split(","))
        found = tuple(dict.fromkeys(filter(None, words)))
        if found:
            self._trace["synonyms"] = self._origin(row, "keywords", "keywords")
        return found

    def _modified(self, row: Row) -> datetime | None:
        moment = read_iso(self._cell(row, "modified").strip(), BERLIN)
        if moment:
            self._trace["modified_at"] = self._origin(row, "modified", "modified")
        return moment
