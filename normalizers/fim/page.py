"""A page of a list of the FIM portal: ``items``, and how the list goes on."""

from __future__ import annotations

from dataclasses import dataclass

from harvester.model import Document, DocumentError
from normalizers.loose_json import Object, kind, load_object


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``total`` is None where the list does not tell it (cursor paging); ``cursor`` None at its end."""

    items: list[object]
    total: int | None
    cursor: int | None
    envelope: Object


def read_page(document: Document) -> Page:
    """Read a page; an answer without ``items`` is a ``DocumentError``."""
    found = load_object(document)
    items = found.get("items")
    if not isinstance(items, list):
        raise DocumentError(f"The page has {kind(items)} for 'items' where the list belongs.")
    return Page(items, _number(found.get("total_count")), _number(found.get("next_cursor")), found)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
