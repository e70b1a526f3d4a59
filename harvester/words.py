"""The words of reports and pages, German and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

import yaml

from harvester.data import data_file
from harvester.registry.schedule import ZONE

_WEEKDAYS = {"de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"), "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


@cache
def texts_of(what: str) -> dict[str, dict[str, str]]:
    """All texts of ``data/<what>_words.yml``, by name and language."""
    with data_file(f"{what}_words.yml").open(encoding="utf-8") as file:
        texts: dict[str, dict[str, str]] = yaml.load(file, yaml.CSafeLoader)
    return texts


@dataclass(frozen=True)
class Words:
    """Texts by their names in one language, with values put in. Values are put in once and never read for names themselves.

    ``what`` names the file: ``report``, ``portal``, ``reason`` or ``plan``.
    """

    language: Literal["de", "en"] = "de"
    what: str = "report"

    def __call__(self, name: str, /, **values: object) -> str:
        """The text of that name."""
        return texts_of(self.what)[name][self.language].format(**values).strip()

    def has(self, name: str) -> bool:
        """Whether there is such a text."""
        return name in texts_of(self.what)

    def number(self, value: float, digits: int = 0) -> str:
        """A number as it is written in the language."""
        told = f"{value:,.{digits}f}"
        return told.translate(str.maketrans(",.", ".,")) if self.language == "de" else told

    def date(self, text: str | None) -> str:
        """A moment (ISO 8601) as a date."""
        return self._at(text, "%d.%m.%Y" if self.language == "de" else "%-d %b %Y")

    def moment(self, text: str | None) -> str:
        """A moment (ISO 8601) with its time of day, in Europe/Berlin."""
        return self._at(text, "%d.%m.%Y, %H:%M" if self.language == "de" else "%-d %b %Y, %H:%M")

    def weekday(self, at: datetime) -> str:
        """A moment of the days to come: weekday, day and time of day, in Europe/Berlin."""
        local = at.astimezone(ZONE)
        return (
            f"{_WEEKDAYS[self.language][local.weekday()]} {local:%d.%m. %H:%M}"
            if self.language == "de"
            else (f"{_WEEKDAYS[self.language][local.weekday()]} {local:%-d %b %H:%M}")
        )

    def _at(self, text: str | None, form: str) -> str:
        if not text:
            return "–"
        at = datetime.fromisoformat(text)
        return (at.astimezone(ZONE) if at.tzinfo else at).strftime(form)
