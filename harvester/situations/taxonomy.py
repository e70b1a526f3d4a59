"""Taxonomies of life situations: PV-Lagen, OZG Themenfelder with their Lagen, SDG areas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from harvester.situations.finding import Finding


@dataclass(frozen=True, slots=True)
class Situation:
    """An entry of a taxonomy. ``id`` is the taxonomy's id, a colon and the code, for codes of different lists collide.

    ``retired`` is the date (ISO 8601) from which the list no longer has the entry, ``successor`` the code that took over.
    """

    id: str
    taxonomy: str
    code: str
    name: str
    parent: str | None
    position: int
    retired: str = ""
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A code list of situations: ``list_uri`` and ``version`` are the list's own."""

    id: str
    title: str
    list_uri: str
    version: str
    situations: Mapping[str, Situation] = field(default_factory=dict)

    def ancestors(self, situation_id: str) -> Iterator[Situation]:
        """The entry and all above it, the nearest first; nothing for an unknown id."""
        current = self.situations.get(situation_id)
        while current is not None:
            yield current
            current = self.situations.get(current.parent) if current.parent else None


def make_taxonomy(head: Taxonomy, rows: Iterable[Mapping[str, str]]) -> tuple[Taxonomy, list[Finding]]:
    """A taxonomy from rows with ``code``, ``name``, ``parent`` and, where a list has them, ``retired`` and ``successor``.

    What does not fit is a finding and the rest stays usable: of two rows with one code the first counts, an unknown parent
    or a cycle makes the entry a root, an unknown successor is forgotten.
    """
    findings: list[Finding] = []
    found: dict[str, Situation] = {}
    for row in rows:
        code = row["code"]
        sid = f"{head.id}:{code}"
        if not code or sid in found:
            findings.append(
                _finding("error", "twice", sid, f"Die Liste {head.id} führt den Code „{code}“ mehrfach oder leer.")
            )
            continue
        parent = f"{head.id}:{row['parent']}" if row.get("parent") else None
        retired, successor = row.get("retired") or "", row.get("successor") or ""
        found[sid] = Situation(sid, head.id, code, row["name"], parent, len(found), retired, successor)
    for situation in tuple(found.values()):
        if situation.parent is not None and situation.parent not in found:
            message = f"{situation.id} ({situation.name}) nennt {situation.parent} als übergeordnet, das es nicht gibt."
            findings.append(_finding("error", "unknown-parent", situation.id, message))
            found[situation.id] = _root(situation)
        if situation.successor and f"{head.id}:{situation.successor}" not in found:
            message = (
                f"{situation.id} ({situation.name}) nennt den Nachfolger {situation.successor}, den es nicht gibt."
            )
            findings.append(_finding("warning", "unknown-successor", situation.id, message))
    findings += _cut_cycles(found)
    return Taxonomy(head.id, head.title, head.list_uri, head.version, found), findings


def _cut_cycles(found: dict[str, Situation]) -> Iterator[Finding]:
    """Make a root of every entry from which the way up comes back to itself."""
    for start in tuple(found.values()):
        seen: list[str] = []
        current: Situation | None = found[start.id]
        while current is not None and current.id not in seen:
            seen.append(current.id)
            current = found.get(current.parent) if current.parent else None
        if current is not None and current.id == start.id:
            way = " → ".join((*seen, start.id))
            yield _finding("error", "cycle", start.id, f"Die Lagen bilden einen Kreis: {way}.")
            found[start.id] = _root(start)


def _root(situation: Situation) -> Situation:
    return Situation(
        situation.id,
        situation.taxonomy,
        situation.code,
        situation.name,
        None,
        situation.position,
        situation.retired,
        situation.successor,
    )


def _finding(severity: Literal["error", "warning"], rule: str, entity_id: str, message: str) -> Finding:
    hint = "Die Liste unter data/ berichtigen; bis dahin gilt der Eintrag als oberster."
    return Finding(severity, f"situations.{rule}", "situation", entity_id, message, hint)
