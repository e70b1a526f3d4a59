"""What the text step learns from: titles with a known Lage, all of them data of the project."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from harvester.data import data_file
from harvester.situations.features import key_features, law_features, type_features

Kind: TypeAlias = Literal["keyed", "unkeyed", "bundle", "lage", "written"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A title and its Lage (code of ``ozg_lagen.csv``).

    ``kind`` says where the label comes from: ``keyed`` and ``unkeyed`` are rows of the official OZG list, ``bundle`` the
    name of an OZG-Leistung, ``lage`` the name of a Lage itself, ``written`` a title of our own that a person put to a bundle.
    """

    text: str
    lage: str
    kind: Kind
    ozg_id: str = ""
    key: str = ""
    types: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The Themenfeld of the Lage."""
        return self.lage.partition(".")[0]

    @property
    def evidence(self) -> tuple[str, ...]:
        """Features other than the text."""
        return (*key_features(self.key, self.text), *type_features(self.types), *law_features(self.laws))


def read_samples() -> tuple[Sample, ...]:
    """All samples, in a stable order. Rows of the official list without a Lage (criminal complaints) teach nothing."""
    bundles = {row["ozg_id"]: row for row in _rows("ozg_leistungen.csv")}
    found: list[Sample] = []
    for row in _rows("ozg_leika.csv"):
        if row["lage"]:
            types, laws = tuple(row["type"].split()), tuple(row["laws"].split())
            found.append(Sample(row["name"], row["lage"], "keyed", row["ozg_id"], row["leika_key"], types, laws))
    found += [
        Sample(row["name"], row["lage"], "unkeyed", row["ozg_id"], types=tuple(row["type"].split()))
        for row in _rows("ozg_unkeyed.csv")
        if row["lage"]
    ]
    found += [Sample(row["name"], row["lage"], "bundle", row["ozg_id"]) for row in bundles.values()]
    found += [Sample(row["name"], row["code"], "lage") for row in _rows("ozg_lagen.csv")]
    found += [
        Sample(row["title"], bundles[row["ozg_id"]]["lage"], "written", row["ozg_id"])
        for row in _rows("situations/titles.csv")
    ]
    return tuple(found)


def _rows(name: str) -> Iterator[dict[str, str]]:
    path: Path = data_file(name)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
