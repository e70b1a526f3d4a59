"""What is known of LeiKa keys: their names, official and as people say them, their laws, and whether they are still in use."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from harvester.data import data_file

Kind = Literal["object", "official", "said"]

FILES = ("ozg_leika.csv", "pvog_leika.csv", "wsp_leika.csv", "leika_names.csv", "leika_superseded.csv", "words.csv")
"""The files that matching depends on, below ``data/``."""

_OBJECT = 8
_IN_USE = ("pvog_leika.csv", "wsp_leika.csv")
"""Lists of keys that portals use today."""


class Entry(NamedTuple):
    """A name of a key.

    ``kind``: the name of a Leistungsobjekt itself, of one of its actions, or what people say (this project's own list).
    ``laws`` as ``law`` or ``law:section``, blank between (names of gesetze-im-internet.de).
    """

    key: str
    name: str
    kind: Kind
    laws: str = ""

    @property
    def object(self) -> str:
        """The Leistungsobjekt: the first eight digits."""
        return self.key[:_OBJECT]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Entries, and what is known of the objects: seen in today's portals, or superseded by others (object to successors)."""

    entries: tuple[Entry, ...]
    seen: frozenset[str] = frozenset()
    superseded: dict[str, tuple[str, ...]] | None = None


def read_knowledge() -> Knowledge:
    """The project's own data."""
    return Knowledge(
        tuple(_entries()),
        frozenset(row["leika_key"][:_OBJECT] for name in _IN_USE for row in _rows(name)),
        {row["leika_object"]: tuple(row["successors"].split("|")) for row in _rows("leika_superseded.csv")},
    )


def _entries() -> Iterator[Entry]:
    for row in _rows("ozg_leika.csv"):
        key = row["leika_key"]
        yield Entry(key, row["name"], "object" if key.endswith("000000") else "official", row["laws"])
    for row in _rows("pvog_leika.csv"):
        for name in filter(None, (row["name"], row["citizen_name"])):
            yield Entry(row["leika_key"], name, "official")
    for row in _rows("wsp_leika.csv"):
        yield Entry(row["leika_key"], row["name"], "official")
    for row in _rows("leika_names.csv"):
        for name in row["names"].split("|"):
            yield Entry(row["leika_object"] + "000000", name, "said")


def _rows(name: str) -> Iterable[dict[str, str]]:
    with data_file(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
