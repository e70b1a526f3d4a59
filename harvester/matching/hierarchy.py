"""How far down a key the evidence reaches: 8 digits the object, 11 its action, 14 its detail. Pure."""

from __future__ import annotations

from typing import Literal, NamedTuple

from harvester.matching.table import Table
from harvester.model import LeikaKey

_WHOLE = 0.95
"""Share of a detailed name that has to stand in the title."""


class Reached(NamedTuple):
    """A key of the list, and how many of its digits are evidenced; the others are zero."""

    key: LeikaKey
    digits: Literal[8, 11, 14]


def reach(title: str, code: str, table: Table) -> Reached:
    """The most specific key of an object that a title states, action by action and detail by detail.

    An action counts when the title names it and no other action of the object; a detail when its whole name stands in the title.
    """
    units = table.vocabulary.units(title)
    actions = {
        key[8:11]: stated
        for key, stated in _stated(units, code, table).items()
        if key[8:11] != "000" and key.endswith("000") and stated
    }
    action = max(sorted(actions), key=lambda a: actions[a], default="")
    if not action or list(actions.values()).count(actions[action]) > 1:
        return Reached(LeikaKey(f"{code}000000"), 8)
    likeness = table.liken(title).get(code)
    entry = likeness.entry if likeness else None
    if (
        entry
        and entry.key[8:11] == action
        and not entry.key.endswith("000")
        and likeness
        and likeness.of_name >= _WHOLE
    ):
        return Reached(LeikaKey(entry.key), 14)
    return Reached(LeikaKey(f"{code}{action}000"), 11)


def _stated(units: dict[str, float], code: str, table: Table) -> dict[str, int]:
    """How many units of its own action each key of an object has in a title."""
    found: dict[str, int] = {}
    for number in table.by_object[code]:
        entry = table.entries[number]
        if entry.kind == "official":
            own = table.vocabulary.units(entry.name).keys() & table.action_units
            found[entry.key] = max(found.get(entry.key, 0), len(own & units.keys()))
    return found
