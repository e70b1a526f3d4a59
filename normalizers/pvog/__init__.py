"""PVOG Suchdienst: from its answers to records.

Documents have the role ``csv`` (the bulk CSV of a region), ``index`` (the same file, when details are fetched as well
and tell more), ``detail`` (one service), ``offices`` (who is competent for a service), ``office`` (one of these) or
``online`` (a page of the region's online services).
"""

from __future__ import annotations

from collections.abc import Iterator

from harvester.model import Context, Document, DocumentError, Reading
from normalizers.pvog.bulk import read_csv, read_index
from normalizers.pvog.detail import read_detail
from normalizers.pvog.offices import read_office, read_offices
from normalizers.pvog.online_list import read_online_list

_ROLES = "csv, index, detail, offices, office and online"


def normalize(document: Document, context: Context) -> Iterator[Reading]:
    """Read one document; what cannot be read at all is a ``DocumentError``."""
    match document.role:
        case "csv":
            yield from read_csv(document, context)
        case "index":
            yield from read_index(document)
        case "detail":
            yield from read_detail(document, context)
        case "offices":
            yield from read_offices(document, context)
        case "office":
            yield from read_office(document)
        case "online":
            yield from read_online_list(document, context)
        case other:
            raise DocumentError(f"PVOG has no documents of the role {other!r}; there are {_ROLES}.")
