"""The OZG list: which OZG-Leistung a LeiKa key belongs to, and who has to execute it. Pure but for reading the data files."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from harvester.data import data_file

EXECUTED_BY = {
    "1": ("bund",),
    "2": ("land", "kommune"),
    "3": ("land", "kommune"),
    "2/3": ("land", "kommune"),
    "4": ("land", "kommune"),
    "5": ("kommune",),
}
"""LeiKa types of FIM and the levels that execute such a service. The list does not tell Land from Kommune for 2 to 4."""


@dataclass(frozen=True, slots=True)
class Ozg:
    """The list. ``names`` has all OZG-Leistungen; ``types`` those that some LeiKa key belongs to, with the types of their keys.

    ``keys`` leads from the first 14, 11 or 8 digits of a key to its OZG-Leistung, where all keys that begin so belong to one.
    """

    names: dict[str, str]
    types: dict[str, frozenset[str]]
    keys: dict[str, str]

    def find(self, leika_key: str) -> str | None:
        """The OZG-Leistung of a key: of this very key, else of the same service with other details, else with other actions."""
        return next((self.keys[leika_key[:n]] for n in (14, 11, 8) if leika_key[:n] in self.keys), None)


@lru_cache(maxsize=1)
def read_ozg() -> Ozg:
    """The list of October 2019 (``data/ozg_leistungen.csv``, ``data/ozg_leika.csv``)."""
    with data_file("ozg_leistungen.csv").open(encoding="utf-8", newline="") as file:
        names = {row["ozg_id"]: row["name"] for row in csv.DictReader(file)}
    with data_file("ozg_leika.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["leika_key"], row["ozg_id"], row["type"]) for row in csv.DictReader(file) if row["ozg_id"]]
    return make_ozg(names, rows)


def make_ozg(names: dict[str, str], rows: Iterable[tuple[str, str, str]]) -> Ozg:
    """The list from its rows: key, OZG-Leistung, types with blanks between."""
    types: dict[str, set[str]] = {}
    exact: dict[str, str] = {}
    shorter: dict[str, set[str]] = {}
    for key, ozg_id, told in rows:
        types.setdefault(ozg_id, set()).update(told.split())
        exact[key] = ozg_id
        for digits in (11, 8):
            shorter.setdefault(key[:digits], set()).add(ozg_id)
    clear = {prefix: next(iter(found)) for prefix, found in shorter.items() if len(found) == 1}
    return Ozg(names, {ozg_id: frozenset(found) for ozg_id, found in types.items()}, clear | exact)
