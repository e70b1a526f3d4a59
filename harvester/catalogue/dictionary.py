"""The data dictionary: what the schema says of every column, and what the column means."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, what constrains it (``key``, ``not null``, a reference), the values a check allows, its meaning."""

    name: str
    type: str
    constraints: tuple[str, ...]
    values: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view with its columns; ``indexes`` are the columns of each index, primary keys included."""

    name: str
    view: bool
    about: str
    columns: tuple[Column, ...]
    indexes: tuple[tuple[str, ...], ...]


class DictionaryError(ValueError):
    """Schema and dictionary differ."""


def read_dictionary() -> list[Table]:
    """All tables and views of the catalogue, in the order of the schema, with their meanings.

    Raises:
        DictionaryError: a table or column has no meaning written down, or one that is not there has.
    """
    text = files(__package__).joinpath("dictionary.yml").read_text(encoding="utf-8")
    meanings: dict[str, dict[str, object]] = yaml.safe_load(text)
    with closing(sqlite3.connect(":memory:")) as db:
        for name in ("schema.sql", "indexes.sql"):
            db.executescript(files(__package__).joinpath(name).read_text(encoding="utf-8"))
        names = db.execute(
            "SELECT name, type = 'view', sql FROM sqlite_master WHERE type IN ('table', 'view')"
            " AND name NOT GLOB 'service_search_*' AND name NOT GLOB 'search_trigram_*' ORDER BY rowid"
        ).fetchall()
        if unknown := meanings.keys() ^ {name for name, *_ in names}:
            raise DictionaryError(f"in the schema or in dictionary.yml, but not in both: {', '.join(sorted(unknown))}")
        return [_table(db, name, sql, meanings[name], view=bool(view)) for name, view, sql in names]


def _table(db: sqlite3.Connection, name: str, sql: str, meaning: dict[str, object], *, view: bool) -> Table:
    about = meaning["columns"]
    if not isinstance(about, dict):
        raise DictionaryError(f"{name}: no columns in dictionary.yml")
    rows = db.execute(f"PRAGMA table_info({name})").fetchall()
    if unknown := about.keys() ^ {row[1] for row in rows}:
        raise DictionaryError(
            f"{name}: in the schema or in dictionary.yml, but not in both: {', '.join(sorted(unknown))}"
        )
    refers = {row[3]: f"→ {row[2]}" for row in db.execute(f"PRAGMA foreign_key_list({name})")}
    columns = tuple(
        Column(
            row[1],
            row[2],
            tuple(filter(None, ("key" if row[5] else "", "not null" if row[3] else "", refers.get(row[1], "")))),
            tuple(_values(sql, row[1])),
            about[row[1]],
        )
        for row in rows
    )
    primary = tuple(row[1] for row in sorted(rows, key=lambda row: int(row[5])) if row[5])
    indexes = {primary} if primary else set()
    for index in db.execute(f"PRAGMA index_list({name})").fetchall():
        indexes.add(tuple(row[2] for row in db.execute(f"PRAGMA index_info({index[1]})")))
    return Table(name, view, str(meaning["about"]), columns, tuple(sorted(indexes)))


def _values(sql: str, column: str) -> Iterator[str]:
    found = re.search(rf"CHECK \({column} IN \(([^)]*)\)\)", sql)
    return (value.strip().strip("'") for value in (found[1].split(",") if found else ()))
