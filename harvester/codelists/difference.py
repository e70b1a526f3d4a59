"""What has changed between a file of ``data`` and the list it was made from. Pure."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

STATED = "list"
"""What stands in the column of the origin of a row that is the list's own word."""


def parent_of(code: str) -> str:
    """The code above one of seven digits (1 + 2 + 2 + 2), by zeroing from the right; empty at the top."""
    for end in (5, 3, 1):
        if len(code) == 7 and code[end:].strip("0"):
            return code[:end].ljust(7, "0")
    return ""


def _row(code: str, name: str, known: Collection[str]) -> dict[str, str]:
    parent = parent_of(code)
    return {"code": code, "name": name, "origin": STATED, "parent": parent if parent in known else ""}


def _every(_: Mapping[str, str]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file holds a code list.

    ``code`` and ``origin`` are columns; ``listed`` tells whether a row is the list's own, so that it can be gone from
    there; ``title`` makes the file's name of the list's; ``row`` makes a new row of code, name and the codes there are.
    """

    code: str = "code"
    origin: str = "origin"
    listed: Callable[[Mapping[str, str]], bool] = _every
    title: Callable[[str], str] = str
    row: Callable[[str, str, Collection[str]], dict[str, str]] = _row


PLAIN = Shape()
"""Columns ``code``, ``name``, ``origin``, and a ``parent`` for codes that have one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Codes that are new, gone, or named otherwise (code, name before, name now). Nothing is taken away by itself."""

    list_uri: str
    version: str
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    renamed: tuple[tuple[str, str, str], ...]

    @property
    def empty(self) -> bool:
        """Whether both say the same."""
        return not (self.added or self.removed or self.renamed)

    def lines(self) -> list[str]:
        """The difference for a person, one code a line."""
        return [
            *(f"+ {code}  {name}" for code, name in self.added),
            *(f"- {code}  {name}  (stays until somebody takes it out by hand)" for code, name in self.removed),
            *(f"~ {code}  {before} → {now}" for code, before, now in self.renamed),
        ]


def compare(
    rows: Sequence[Mapping[str, str]], names: Mapping[str, str], uri: str, version: str, shape: Shape = PLAIN
) -> Difference:
    """Hold the rows of a file against the list's codes and names."""
    ours = {row[shape.code]: row for row in rows}
    now = {code: shape.title(name) for code, name in sorted(names.items()) if code in ours}
    return Difference(
        uri,
        version,
        added=tuple((code, name) for code, name in sorted(names.items()) if code not in ours),
        removed=tuple((c, row["name"]) for c, row in sorted(ours.items()) if c not in names and shape.listed(row)),
        renamed=tuple((c, ours[c]["name"], name) for c, name in now.items() if name and ours[c]["name"] != name),
    )


def refreshed(text: str, difference: Difference, shape: Shape = PLAIN) -> str:
    """The file's text with what is new and renamed; rows stay in the order of their codes, and none is taken out."""
    reader = csv.DictReader(StringIO(text))
    header, rows = list(reader.fieldnames or ()), list(reader)
    now = {code: name for code, _, name in difference.renamed}
    for row in rows:
        if row[shape.code] in now:
            row |= {"name": now[row[shape.code]], shape.origin: STATED}
    known = {row[shape.code] for row in rows} | {code for code, _ in difference.added}
    for code, name in difference.added:
        made = shape.row(code, name, known)
        rows.append({column: made.get(column, "") for column in header})
    rows.sort(key=lambda row: row[shape.code])
    out = StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
