"""Words by which pages give themselves away, read once and compared quickly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import yaml

from harvester.data import data_file

_FILES = ("phrases_de.yml", "phrases_en.yml")


@dataclass(frozen=True, slots=True)
class Signs:
    """One pattern per kind of page; each looks at titles and headings in lower case. ``any`` fits where one of them does."""

    not_found: re.Pattern[str]
    maintenance: re.Pattern[str]
    parked: re.Pattern[str]
    login: re.Pattern[str]
    bot_wall: re.Pattern[str]
    any: re.Pattern[str]


def build_signs(phrases: dict[str, list[str]]) -> Signs:
    """Compile lists of phrases; each fits whole words only."""
    everything = [phrase for listed in phrases.values() for phrase in listed]
    return Signs(**{kind: _pattern(listed) for kind, listed in phrases.items()}, any=_pattern(everything))


@cache
def read_signs() -> Signs:
    """The signs of ``data/phrases_*.yml``."""
    merged: dict[str, list[str]] = {}
    for name in _FILES:
        with data_file(name).open(encoding="utf-8") as file:
            for kind, listed in yaml.load(file, Loader=yaml.CSafeLoader).items():
                merged.setdefault(kind, []).extend(listed)
    return build_signs(merged)


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    words = (re.escape(phrase.lower().rstrip("*")) + ("" if phrase.endswith("*") else r"(?!\w)") for phrase in phrases)
    return re.compile(r"(?<!\w)(?:" + "|".join(words) + ")")
