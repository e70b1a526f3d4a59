"""The rules by their codes: what each means in German and English, what to do, and who should do it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import yaml

from harvester.data import data_file
from harvester.links.outcome import Outcome

VERSION = 1
"""Version of the rules; counts up whenever the same observation would be judged differently."""


class Weight(StrEnum):
    """What a verdict says about whether the link is alive.

    ``alive`` closes a suspicion, ``failure`` counts towards dead, ``sure`` counts twice as much (fewer failures over a
    shorter time are enough), ``silent`` says nothing either way and never leads to dead.
    """

    ALIVE = "alive"
    FAILURE = "failure"
    SURE = "sure"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Rule:
    """One code: its outcome, its weight, and its texts. ``who`` is editor, operator, harvester or nobody."""

    code: str
    outcome: Outcome
    weight: Weight
    who: str
    reason_de: str
    reason_en: str
    action_de: str
    action_en: str


@cache
def read_rules() -> dict[str, Rule]:
    """All rules by code, from ``data/link_rules.yml``."""
    with data_file("link_rules.yml").open(encoding="utf-8") as file:
        raw = yaml.load(file, Loader=yaml.CSafeLoader)
    rules = (
        Rule(
            code=code,
            outcome=Outcome(row["outcome"]),
            weight=Weight(row["weight"]),
            who=row["who"],
            reason_de=row["reason"]["de"],
            reason_en=row["reason"]["en"],
            action_de=row["action"]["de"],
            action_en=row["action"]["en"],
        )
        for code, row in raw["rules"].items()
    )
    return {rule.code: rule for rule in rules}


def weigh(code: str) -> Weight:
    """The weight of a code."""
    return read_rules()[code].weight
