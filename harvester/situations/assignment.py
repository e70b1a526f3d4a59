"""An assignment: this service belongs to that situation, because of this rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from harvester.situations.finding import Finding

Origin: TypeAlias = Literal["source", "key", "prefix", "group", "text", "editor"]
SHOWN = 3
"""How many situations of one taxonomy a service has at most."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One row of ``service_situation``.

    ``confidence`` is the share of such assignments that is right (0 to 1), measured where that is possible. ``rule`` names what
    decided, such as ``key.14`` or ``text``; ``>exact`` or ``>broad`` at its end says that the map led there from another
    taxonomy. ``rank`` counts from 0 within a taxonomy, the one to show first.
    """

    situation: str
    origin: Origin
    confidence: float
    rule: str
    rank: int

    @property
    def taxonomy(self) -> str:
        """The id of the taxonomy."""
        return self.situation.partition(":")[0]


class Assigned(NamedTuple):
    """All situations of a service, and what a person should look at. No assignments: the service is for the review list."""

    assignments: tuple[Assignment, ...]
    findings: tuple[Finding, ...]
