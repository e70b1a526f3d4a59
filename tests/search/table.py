"""The table of questions as people type them."""

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from harvester.catalogue.search import search

TABLE = Path(__file__).parent / "queries.csv"


def questions(catalogue: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Questions to one of the two catalogues, each with beginnings of titles of which one must be among the first five."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["catalogue"] == catalogue:
                yield row["query"], tuple(row["expected"].split("|"))


def share_found(db: sqlite3.Connection, catalogue: str) -> float:
    """The share of questions that find what they must."""
    asked = list(questions(catalogue))
    found = [any(hit.title.startswith(expected) for hit in search(db, text)) for text, expected in asked]
    return sum(found) / len(asked)
