"""Deadlines and processing times in words: a duration (``dauer``, ``einheit``) or fixed days (``von``, ``bis``)."""

from __future__ import annotations

import re
from datetime import date

from harvester.model import Module, clean_line
from normalizers.xzufi.element import NAMES, Element, code_of, text_of

# XZuFi code list of units (Zeiteinheit): German singular and plural, English singular and plural.
_UNITS = {
    "SEKUNDE": ("Sekunde", "Sekunden", "second", "seconds"),
    "MINUTE": ("Minute", "Minuten", "minute", "minutes"),
    "STUNDE": ("Stunde", "Stunden", "hour", "hours"),
    "TAG": ("Tag", "Tage", "day", "days"),
    "WERKTAG": ("Werktag", "Werktage", "working day", "working days"),
    "ARBEITSTAG": ("Arbeitstag", "Arbeitstage", "business day", "business days"),
    "WOCHE": ("Woche", "Wochen", "week", "weeks"),
    "MONAT": ("Monat", "Monate", "month", "months"),
    "JAHR": ("Jahr", "Jahre", "year", "years"),
}
_GERMAN_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH_AND_DAY = re.compile(r"--([0-9]{2})-([0-9]{2})")


def say_period(entry: Element, language: str, module: Module) -> str:
    """A sentence in German or English; empty where the entry holds no figures."""
    found: dict[str, str] = {}
    for element in entry.iter():
        name = NAMES[element.tag]
        if name in {"dauer", "dauerBis", "von", "bis"} and not len(element):
            found[name] = clean_line(text_of(element))
        elif name in {"einheit", "einheitBis"}:
            found[name] = clean_line(code_of(element))
    german = language == "de"
    return _duration(found, module, german=german) or _days(found, german=german)


def _duration(found: dict[str, str], module: Module, *, german: bool) -> str:
    number, unit = found.get("dauer", ""), found.get("einheit", "")
    if not number:
        return ""
    last, last_unit = found.get("dauerBis", ""), found.get("einheitBis", "") or unit
    said = _count(number, unit, german=german)
    if last:
        first = number if last_unit == unit else said
        said = f"{first} {'bis' if german else 'to'} {_count(last, last_unit, german=german)}"
    if module is Module.DURATION:
        return f"Die Bearbeitung dauert {said}." if german else f"Processing takes {said}."
    return f"Die Frist beträgt {said}." if german else f"The time limit is {said}."


def _count(number: str, unit: str, *, german: bool) -> str:
    """„1 Woche“, „14 Tage“; a unit that is not on the list stays as it stands."""
    forms = _UNITS.get(unit.upper())
    if forms is None:
        return f"{number} {unit}".strip()
    return f"{number} {forms[(0 if german else 2) + (number != '1')]}"


def _days(found: dict[str, str], *, german: bool) -> str:
    first, last = (_day(found.get(name, ""), german=german) for name in ("von", "bis"))
    if first and last:
        return f"Vom {first} bis {last}." if german else f"From {first} to {last}."
    if first:
        return f"Ab {first}." if german else f"From {first}."
    if last:
        return f"Bis {last}." if german else f"Until {last}."
    return ""


def _day(value: str, *, german: bool) -> str:
    """„31.12.2026“, „31. Dezember“ (``--12-31``); other words stay as they stand."""
    if recurring := _MONTH_AND_DAY.fullmatch(value):
        month, day = int(recurring[1]), int(recurring[2])
        if 1 <= month <= 12:
            return f"{day}. {_GERMAN_MONTHS[month - 1]}" if german else f"{day} {_ENGLISH_MONTHS[month - 1]}"
    try:
        known = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{known:%d.%m.%Y}" if german else f"{known.day} {_ENGLISH_MONTHS[known.month - 1]} {known.year}"
