"""Genericode 1.0 (OASIS), the form in which the XRepository hands out code lists. Pure.

The root stands in the namespace of genericode, what is below it does not; so local names count.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from harvester.errors import HarvesterError

MOST_ROWS = 200_000


class CodeListError(HarvesterError):
    """A document that is no code list, or one that cannot be read whole."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list: its own address and version, its key column, its columns, and its rows by column."""

    uri: str
    version: str
    key: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def names(self, column: str | None = None) -> dict[str, str]:
        """Code to name. Without a column the first one that is not the key counts.

        Raises:
            CodeListError: there is no such column.
        """
        chosen = column or next((name for name in self.columns if name != self.key), "")
        if chosen not in self.columns:
            raise CodeListError(f"{self.uri} has no column {chosen!r}; there are {', '.join(self.columns)}")
        return {row[self.key]: " ".join(row.get(chosen, "").split()) for row in self.rows if row.get(self.key)}


def read_genericode(raw: bytes) -> CodeList:
    """Read a code list.

    Raises:
        CodeListError: no XML, cut off, no genericode, or a list without a key or rows.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CodeListError(f"The code list is no well-formed XML: {error}.") from error
    if etree.QName(root).localname != "CodeList":
        raise CodeListError(f"The document is no code list in genericode: its root is {etree.QName(root).localname!r}.")
    columns = tuple(str(c.get("Id")) for c in _all(root, "ColumnSet", "Column") if c.get("Id"))
    keys = [str(c.get("Ref")) for c in _all(root, "ColumnSet", "Key", "ColumnRef") if c.get("Ref")]
    key = next((name for name in keys if name in columns), "")
    if not key:
        raise CodeListError("The code list names no key column.")
    rows = tuple(_row(row) for row in _all(root, "SimpleCodeList", "Row"))
    if not rows or len(rows) > MOST_ROWS:
        raise CodeListError(f"The code list has {len(rows)} rows; between 1 and {MOST_ROWS:_} make sense.")
    return CodeList(_text(root, "CanonicalUri"), _text(root, "Version"), key, columns, rows)


def _row(row: etree._Element) -> dict[str, str]:
    cells: dict[str, str] = {}
    for value in _all(row, "Value"):
        simple = next(iter(_all(value, "SimpleValue")), None)
        if value.get("ColumnRef") and simple is not None:
            cells[str(value.get("ColumnRef"))] = (simple.text or "").strip()
    return cells


def _text(root: etree._Element, name: str) -> str:
    found = next(iter(_all(root, "Identification", name)), None)
    return (found.text or "").strip() if found is not None else ""


def _all(root: etree._Element, *path: str) -> list[etree._Element]:
    """Elements at a path of local names."""
    found = [root]
    for step in path:
        found = [c for e in found for c in e if etree.QName(c).localname == step]
    return found
