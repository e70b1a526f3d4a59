"""Which text stands below a heading (``data/sites/headings.csv``)."""

from __future__ import annotations

import csv
import re
from functools import cache

from harvester.data import data_file
from harvester.model import Module

_EDGES = re.compile(r"^[\d.)\s]+|[\s:?!.…]+$")
_PEOPLE = re.compile(
    r"^(?:ihre?\s+)?(?:ansprech(?:partner|person|stelle)\w*|kontakt\w*|mitarbeit\w*|sachbearbeit\w*|beratung und kontakt"
    r"|so erreichen sie uns|telefon\w*|e-?mail\w*|öffnungszeiten|sprechzeiten|anschrift|adresse)\b"
)


def module_of(heading: str) -> Module | None:
    """The text module a heading stands above; None where it names none."""
    words = _EDGES.sub("", heading.casefold())
    for module, told in _table():
        if words in told or any(words.startswith(f"{start} ") for start in told if " " in start):
            return module
    return None


def is_about_people(heading: str) -> bool:
    """Whether a heading stands above names and direct numbers: what follows is not read."""
    return bool(_PEOPLE.match(_EDGES.sub("", heading.casefold())))


@cache
def _table() -> tuple[tuple[Module, frozenset[str]], ...]:
    with data_file("sites/headings.csv").open(encoding="utf-8", newline="") as file:
        return tuple((Module(row["module"]), frozenset(row["words"].split("|"))) for row in csv.DictReader(file))
