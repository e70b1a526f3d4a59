"""Review: the services that need a person, most used first."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TextIO

from harvester.situations.assignment import Assigned, Assignment
from harvester.situations.finding import Finding

_SURE = 0.9
COLUMNS = ("service", "title", "used", "reason", "proposal", "decision")
"""Of the list for editors; ``decision`` is the line for a file in ``data/overrides``, to be checked and completed."""


class Case(NamedTuple):
    """A service for the review list. ``used`` is how often it is offered (regions or sources that have it)."""

    service_id: str
    title: str
    used: int
    reason: str
    proposal: str


def decision_of(case: Case, date: dt.date) -> str:
    """The line of YAML to paste into a file in ``data/overrides``."""
    situations = json.dumps([case.proposal] if case.proposal else [])
    because = json.dumps(f"Begründung zu „{case.title}“ …", ensure_ascii=False)
    return f"- {{service: {json.dumps(case.service_id)}, situations: {situations}, because: {because}, by: Redaktion, date: {date}}}"


def write_cases(cases: Iterable[Case], file: TextIO, date: dt.date) -> None:
    """Write the list as CSV."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows((*case, decision_of(case, date)) for case in cases)


def read_assigned(catalogue: sqlite3.Connection) -> Iterator[tuple[str, str, int, Assigned]]:
    """What the published catalogue holds, as ``review`` wants it; ``used`` counts its descriptions with the same key or title."""
    rows = catalogue.execute(
        "SELECT service_id, situation_id, origin, confidence, rule, rank FROM service_situation"
        " ORDER BY service_id, situation_id LIKE 'ozg:%' DESC, rank"
    )
    assigned = {sid: [Assignment(*row[1:]) for row in some] for sid, some in groupby(rows, itemgetter(0))}
    conflicts = {
        row[0]: Finding("warning", "situations.conflict", "service", *row)
        for row in catalogue.execute(
            "SELECT entity_id, message, hint FROM finding WHERE rule = 'situations.conflict' ORDER BY id"
        )
    }
    services = catalogue.execute(
        "SELECT id, title, count(*) OVER (PARTITION BY coalesce(leika_key, title)) FROM service ORDER BY id"
    )
    for sid, title, used in services:
        yield sid, title, used, Assigned(tuple(assigned.get(sid, ())), tuple(filter(None, [conflicts.get(sid)])))


def review(services: Iterable[tuple[str, str, int, Assigned]]) -> list[Case]:
    """Cases from services (id, title, used, result), most used first, then by title.

    A person is needed where nothing was assigned, where source and key disagree, and where only the text spoke and was not nearly certain.
    """
    cases: list[Case] = []
    for service_id, title, used, assigned in services:
        first = assigned.assignments[0] if assigned.assignments else None
        conflict = next((f for f in assigned.findings if f.rule == "situations.conflict"), None)
        if first is None:
            cases.append(Case(service_id, title, used, "Keine Lage gefunden.", ""))
        elif conflict is not None:
            reason = conflict.message.removeprefix(f"„{title}“: ")
            cases.append(Case(service_id, title, used, reason, first.situation))
        elif first.origin == "text" and first.confidence < _SURE:
            reason = f"Nur aus dem Titel geschlossen, mit {first.confidence:.0%} Sicherheit."
            cases.append(Case(service_id, title, used, reason, first.situation))
    return sorted(cases, key=lambda case: (-case.used, case.title, case.service_id))
