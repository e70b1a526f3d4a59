"""Rows on their way into the catalogue.

This file imports nothing else of the project: the process that writes a large catalogue loads it at its start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Row: TypeAlias = tuple[Any, ...]
"""Values as SQLite keeps them: plain texts and numbers, None. No kinds of ``str``: they are handed to another process as they
are, and SQLite asks of each of them for an adapter."""
Rows: TypeAlias = Iterable[tuple[str, list[Row]]]
"""Rows by table."""


@dataclass(slots=True)
class Batch:
    """Rows by table, in the order in which they came."""

    rows: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, row: Row) -> None:
        """Add a row."""
        self.rows[table].append(row)


def drain(batch: Batch) -> Iterator[tuple[str, list[Row]]]:
    """Give up all rows, table by table."""
    for table, rows in batch.rows.items():
        if rows:
            yield table, rows
    batch.rows = defaultdict(list)
