"""Put services into their life situations while a catalogue is built: rows of ``service_situation``, and findings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from harvester.catalogue.batch import Batch
from harvester.catalogue.findings import finding_row
from harvester.merge import Member
from harvester.model import LeikaKey, Service
from harvester.situations import Assigned, Finding, Knowledge, assign
from harvester.situations.cascade import assign_by_keys
from harvester.situations.evidence import Clues, clues_of
from harvester.situations.override import unused_overrides

_REMEMBERED = 20_000
LASTING = "(rule LIKE 'situations.%' OR rule LIKE 'merge.%' AND rule <> 'merge.apply')"
"""Findings that only change with services and rules; the others are made anew with every run."""


class Drawers:
    """Sorts the services of one build.

    Municipalities offer the same services under the same titles: what decides about a service is remembered, so that the
    cascade is asked once for each.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        """Start with nothing sorted."""
        self._knowledge = knowledge
        self._remembered: dict[bytes, Assigned] = {}
        self._met: set[str] = set()
        self._findings: dict[Finding, int] = dict.fromkeys(knowledge.findings, 1)

    def add(self, batch: Batch, service: Service, service_id: str, members: Iterable[Member]) -> None:
        """Add the rows of one service. ``members``: the records under whose ids an editor may have called it."""
        assigned = self._assign(service, service_id, members)
        for a in assigned.assignments:
            batch.add("service_situation", (service_id, a.situation, a.origin, a.confidence, a.rule, a.rank))

    def add_matched(
        self, db: sqlite3.Connection, batch: Batch, service_id: str, keys: Sequence[LeikaKey], score: float
    ) -> None:
        """Sort a service by the keys that matching gave it, where nothing but its text has spoken so far, and less surely."""
        before = dict(
            db.execute(
                "SELECT origin, max(confidence) FROM service_situation WHERE service_id = ? GROUP BY origin",
                (service_id,),
            ).fetchall()
        )
        assignments = assign_by_keys(keys, score, self._knowledge)
        surest = max((a.confidence for a in assignments), default=0.0)
        if before.keys() - {"text"} or surest <= before.get("text", 0.0):
            return
        db.execute("DELETE FROM service_situation WHERE service_id = ?", (service_id,))
        for a in assignments:
            batch.add("service_situation", (service_id, a.situation, a.origin, a.confidence, a.rule, a.rank))

    def findings(self) -> Iterator[tuple[Finding, int]]:
        """What a person should look at, each with how many services it is about."""
        yield from self._findings.items()
        for finding in unused_overrides(self._knowledge.overrides, self._met):
            yield finding, 1

    def _assign(self, service: Service, service_id: str, members: Iterable[Member]) -> Assigned:
        knowledge = self._knowledge
        names: tuple[str, ...] = ()
        if knowledge.overrides:
            names = names_of(service_id, members)
            met = knowledge.overrides.keys() & {*names, *service.leika_keys}
            self._met |= met
            if met:
                return assign(service, knowledge, names)
        clues = clues_of(service)
        told = _what_decides(service, clues, knowledge)
        if (known := self._remembered.get(told)) is not None:
            return known
        assigned = assign(service, knowledge, names, clues)
        for finding in assigned.findings:
            about = replace(finding, entity_id=service_id) if finding.entity == "service" else finding
            self._findings[about] = self._findings.get(about, 0) + 1
        if not assigned.findings:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[told] = assigned
        return assigned


def names_of(service_id: str, members: Iterable[Member]) -> tuple[str, ...]:
    """Names under which an override may call a service, beside its keys: the catalogue's id, and ``source:remote id`` of its records."""
    return (service_id, *(f"{member.ref.source_id}:{member.ref.remote_id}" for member in members))


def add_lasting_findings(
    db: sqlite3.Connection, found: Iterable[tuple[Finding, int]], at: datetime, *, previous: bool
) -> None:
    """Add findings that are as old as the services they are about to those that are there already.

    One that the attached ``previous`` catalogue has keeps its date.
    """
    rows = (lasting_row(finding, count, at) for finding, count in found)
    db.executemany("INSERT OR IGNORE INTO finding VALUES (?,?,?,?,?,?,?,?)", rows)
    if previous:
        db.execute(
            "UPDATE finding SET first_seen_at = before.first_seen_at"
            f" FROM (SELECT id, first_seen_at FROM previous.finding WHERE {LASTING}) AS before WHERE before.id = finding.id"
        )


def lasting_row(finding: Finding, count: int, at: datetime) -> tuple[str, ...]:
    """The row of a finding about ``count`` services, as if it were new."""
    f = finding
    fid, severity, rule, entity, entity_id, message, *rest = finding_row(
        f.severity, f.rule, f.entity, f.entity_id, f.message, f.hint, at.isoformat()
    )
    return fid, severity, rule, entity, entity_id, message + (f" ({count}x)" if count > 1 else ""), *rest


def _what_decides(service: Service, clues: Clues, knowledge: Knowledge) -> bytes:
    """A digest of all that the cascade looks at: where a key is known, key and source; else the text and what stands beside it too."""
    return blake2b(repr(_told(service, clues, knowledge)).encode(), digest_size=16).digest()


def _told(service: Service, clues: Clues, knowledge: Knowledge) -> object:
    told = (service.leika_keys, tuple((code.list_uri, code.code, code.name) for code in service.situations))
    if any(knowledge.leika.by_key(key) or knowledge.leika.by_prefix(key) for key in service.leika_keys):
        return told
    return told, clues
