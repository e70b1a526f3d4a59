"""Reasons of verdicts and rules of unreadable records in German: ``data/reason_words.yml``, which tests hold complete."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from harvester.data import data_file


@cache
def _words() -> dict[str, Any]:
    with data_file("reason_words.yml").open(encoding="utf-8") as file:
        read: dict[str, Any] = yaml.load(file, yaml.CSafeLoader)
    return read


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), german) for pattern, german in _words()["sentences"])


def told_in(language: str, reason: str) -> str:
    """The reason in the language of the report. What comes from elsewhere (a server's own words) stays as it is."""
    if language != "de":
        return reason
    for pattern, german in _sentences():
        reason = pattern.sub(german, reason)
    return reason


def record_told_in(language: str, rule: str, message: str) -> str:
    """Why a record could not be read, by the rule that says so; in English the reader's own message."""
    german: str | None = _words()["records"].get(rule.rpartition(".")[2])
    return message if language != "de" or german is None else german
