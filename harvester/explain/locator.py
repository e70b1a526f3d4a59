"""Locators: how a place in a document is written (see ``harvester.model.reading.Found``)."""

from __future__ import annotations

import re
from enum import Enum

from harvester.errors import HarvesterError

# After "!" a whole locator begins anew. A "!" before anything else belongs to a name: JSON keys and column
# names may hold one, names of XML may not.
_INNER = re.compile(r"!(?=/|(?:table/)?row\[)")
_TABLE = re.compile(r"(?:table/)?row\[")


class LocatorError(HarvesterError):
    """A locator that leads nowhere in a document.

    ``locator`` is the whole locator, ``matched`` the part of it that was found (empty: nothing). The message
    says why it went no further.
    """

    def __init__(self, locator: str, matched: str, why: str) -> None:
        """Take the locator, how far it led, and why it went no further."""
        way = f"found as far as {matched}" if matched else "nothing of it was found"
        super().__init__(f"{locator or 'the whole document'}: {why} ({way})")
        self.locator = locator
        self.matched = matched
        self.why = why


class Form(Enum):
    """The kinds of locators."""

    XML = "xml"
    JSON = "json"
    TABLE = "table"
    CSS = "css"


def form_of(locator: str) -> Form:
    """Tell the form of a locator without ``!`` by how it begins.

    ``/*`` begins a path of XML, so the key ``*`` at the top of a JSON document cannot be addressed. Any other
    ``/`` begins a JSON pointer (RFC 6901), which may be empty and then means the whole document.
    """
    if locator == "/*" or locator.startswith("/*/"):
        return Form.XML
    if not locator or locator.startswith("/"):
        return Form.JSON
    return Form.TABLE if _TABLE.match(locator) else Form.CSS


def split_inner(locator: str) -> tuple[str, str | None]:
    """Split ``A!B`` into A and B; B is None where the locator stays in one document."""
    if form_of(locator.partition("!")[0]) is Form.XML:
        outer, mark, inner = locator.partition("!")
        return outer, inner if mark else None
    found = _INNER.search(locator)
    return (locator[: found.start()], locator[found.end() :]) if found else (locator, None)
