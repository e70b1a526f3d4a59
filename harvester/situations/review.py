"""Review: the services that need a person, most used first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from harvester.situations.assignment import Assigned

_SURE = 0.9


class Case(NamedTuple):
    """A service for the review list. ``used`` is how often it is offered (regions or sources that have it)."""

    service_id: str
    title: str
    used: int
    reason: str
    proposal: str


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
            cases.append(Case(service_id, title, used, conflict.message, first.situation))
        elif first.origin == "text" and first.confidence < _SURE:
            reason = f"Nur aus dem Titel geschlossen, mit {first.confidence:.0%} Sicherheit."
            cases.append(Case(service_id, title, used, reason, first.situation))
    return sorted(cases, key=lambda case: (-case.used, case.title, case.service_id))
