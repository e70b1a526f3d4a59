"""What has changed between a file of ``data`` and the list it was made from. Pure."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

STATED = "list"
"""What stands in the column ``origin`` of a row that is the list's own word."""


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


def compare(rows: Sequence[Mapping[str, str]], names: Mapping[str, str], uri: str, version: str) -> Difference:
    """Hold the rows of a file (``code``, ``name``) against the list's codes and names."""
    ours = {row["code"]: row["name"] for row in rows}
    return Difference(
        uri,
        version,
        added=tuple((code, name) for code, name in sorted(names.items()) if code not in ours),
        removed=tuple((code, name) for code, name in sorted(ours.items()) if code not in names),
        renamed=tuple(
            (c, ours[c], name) for c, name in sorted(names.items()) if c in ours and name and ours[c] != name
        ),
    )


def refreshed(text: str, difference: Difference) -> str:
    """The file's text with what is new and renamed; rows stay in the order of their codes, and none is taken out."""
    reader = csv.DictReader(StringIO(text))
    header, rows = list(reader.fieldnames or ()), list(reader)
    now = {code: name for code, _, name in difference.renamed}
    for row in rows:
        if row["code"] in now:
            row |= {"name": now[row["code"]], "origin": STATED}
    known = {row["code"] for row in rows} | {code for code, _ in difference.added}
    for code, name in difference.added:
        parent = parent_of(code)
        row = dict.fromkeys(header, "") | {"code": code, "name": name, "origin": STATED}
        rows.append(row | ({"parent": parent} if parent in known and "parent" in header else {}))
    rows.sort(key=lambda row: row["code"])
    out = StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def parent_of(code: str) -> str:
    """The code above one of seven digits (1 + 2 + 2 + 2), by zeroing from the right; empty at the top."""
    for end in (5, 3, 1):
        if len(code) == 7 and code[end:].strip("0"):
            return code[:end].ljust(7, "0")
    return ""
