"""A statement about a service before it is ranked, and what the source itself states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from harvester.model import Code, Service
from harvester.situations.assignment import Origin
from harvester.situations.finding import Finding
from harvester.situations.fold import fold
from harvester.situations.knowledge import Knowledge
from harvester.situations.taxonomy import Taxonomy

Severity: TypeAlias = Literal["warning", "info"]


@dataclass(frozen=True, slots=True)
class Said:
    """A step says that a service belongs to a situation; ``drawer`` is the real drawer of an administrative remainder."""

    situation: str
    origin: Origin
    confidence: float
    rule: str
    drawer: str = ""

    @property
    def taxonomy(self) -> str:
        """The id of the taxonomy."""
        return self.situation.partition(":")[0]


def said_by_source(service: Service, knowledge: Knowledge, findings: list[Finding]) -> Iterator[Said]:
    """What the source says, by code lists that are taxonomies or by a reviewed map of its own categories.

    An unknown code counts as the nearest one above it that is known (the lists build codes by zeroing from the right), a retired
    one as its successor; both are findings, as is a code of which nothing is known.
    """
    for code in service.situations:
        taxonomy = knowledge.by_list(code.list_uri)
        if taxonomy is None:
            sid = knowledge.categories.get((code.list_uri, code.code)) or knowledge.categories.get(
                (code.list_uri, fold(code.name))
            )
            if sid is None:
                message = (
                    f"Die Kategorie {code.code} („{code.name}“) der Liste {code.list_uri} ist keiner Lage zugeordnet."
                )
                findings.append(
                    _finding("info", "unknown-category", code, message, "In data/situations/categories.csv zuordnen.")
                )
            else:
                yield Said(sid, "source", 0.95, "source.category")
        elif sid := _resolve(code, taxonomy, findings):
            yield Said(sid, "source", 1.0, f"source.{taxonomy.id}")


def _resolve(code: Code, taxonomy: Taxonomy, findings: list[Finding]) -> str | None:
    situation = taxonomy.situations.get(f"{taxonomy.id}:{code.code}")
    if situation is None:
        above = next((sid for c in _wider(code.code) if (sid := f"{taxonomy.id}:{c}") in taxonomy.situations), None)
        instead = f"gezählt wird {above}" if above else "die Angabe zählt nicht"
        message = (
            f"Den Code {code.code} („{code.name}“) kennt die Liste {taxonomy.id} {taxonomy.version} nicht; {instead}."
        )
        level: Severity = "info" if above else "warning"
        findings.append(
            _finding(level, "unknown-code", code, message, f"Die Liste {taxonomy.id} unter data/ ergänzen.")
        )
        return above
    if not situation.retired:
        return situation.id
    heir = f"{taxonomy.id}:{situation.successor}"
    known = heir in taxonomy.situations
    instead = f"gezählt wird {heir}" if known else "die Angabe zählt nicht"
    message = f"Der Code {code.code} („{situation.name}“) gilt seit {situation.retired} nicht mehr; {instead}."
    findings.append(_finding("warning", "retired", code, message, "Die Quelle um den neuen Code bitten."))
    return heir if known else None


def _wider(code: str) -> Iterator[str]:
    """Codes above a seven-digit one, the nearest first, but not the root: 1030201, 1030200, 1030000."""
    if len(code) == 7 and code.isdigit():
        for digits in (5, 3):
            yield code[:digits].ljust(7, "0")


def _finding(severity: Severity, rule: str, code: Code, message: str, hint: str) -> Finding:
    return Finding(severity, f"situations.{rule}", "situation", f"{code.list_uri}#{code.code}", message, hint)
