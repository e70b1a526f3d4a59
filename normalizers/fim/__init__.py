"""The FIM portal's API (OpenAPI 0.24.0): base texts of services, as its lists tell them or as XZuFi documents.

A list lacks the text modules but three; the XZuFi document of each entry has them all and is read as XZuFi. Online services are listed by
identifier only; their documents are XZuFi, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harvester.model import Context, Document, DocumentError, Reading
from harvester.registry.options import XzufiOptions
from normalizers import xzufi
from normalizers.fim.page import read_page
from normalizers.fim.service import read_service
from normalizers.loose_json import kind
from normalizers.notes import Notes

_ENVELOPE = frozenset({"items", "offset", "limit", "count", "total_count", "next_cursor"})


def normalize(document: Document, context: Context) -> Iterator[Reading]:
    """Read a ``page`` of base texts, or an XZuFi ``message``; an ``index`` only names documents."""
    match document.role:
        case "message":
            yield from xzufi.normalize(document, replace(context, options=XzufiOptions()))
        case "page":
            yield from _read(document, context)
        case "index":
            return
        case role:
            raise DocumentError(
                f"The FIM portal has no documents of the role {role!r}; there are page, index, message."
            )


def _read(document: Document, context: Context) -> Iterator[Reading]:
    notes = Notes("fim")
    page = read_page(document)
    notes.unknown("a page", page.envelope, _ENVELOPE, "")
    for index, entry in enumerate(page.items):
        place = f"/items/{index}"
        if not isinstance(entry, dict):
            notes.error("entry", place, f"There is {kind(entry)} where a base text belongs.")
        else:
            found = read_service(entry, place, context, notes)
            if found:
                yield found
        yield from notes.take()
    yield from notes.take()
