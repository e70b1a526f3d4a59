"""The services whose LeiKa key a person has to decide: from the published catalogue, with the entry that decides it."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harvester.catalogue.published import find_published
from harvester.links.proposals import harmless

if TYPE_CHECKING:
    from rich.console import Console

_QUERY = """
    SELECT s.id, s.title, s.source_id, p.remote_id, coalesce(p.url, ''), m.leika_keys, m.score, m.reason, m.evidence, m.alternatives
    FROM key_match m JOIN service s ON s.id = m.service_id
    JOIN service_source p ON p.service_id = s.id AND p.source_id = s.source_id
    WHERE m.decision = 'review' GROUP BY s.id ORDER BY m.score DESC, s.title, s.id
"""


@dataclass(frozen=True, slots=True)
class KeyCase:
    """A service and what is proposed for it. ``override`` is the entry for ``data/keys``, to be completed and signed."""

    service: str
    title: str
    page: str
    proposals: str
    score: float
    reason: str
    evidence: str
    alternatives: str
    override: str

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def read_cases(catalogue: Path) -> list[KeyCase]:
    """All cases, the surest first; none without a catalogue or in one of an older program."""
    if find_published(catalogue) is None:
        return []
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'key_match'").fetchone() is None:
            return []
        return [_case(row) for row in db.execute(_QUERY)]


def _case(row: Sequence[Any]) -> KeyCase:
    _, title, source, remote, page, keys, score, reason, evidence, others = row
    name = f"{source}:{remote}"
    entry = f'- service: {json.dumps(name, ensure_ascii=False)}\n  leika_keys: ["{keys.split()[0]}"]\n  because: …\n  by: …\n  date: …'
    told = " ".join(one["told_de"] for one in json.loads(evidence))
    near = "; ".join(f"{one['leika_key']} {one['name']} ({one['share']:.0%})" for one in json.loads(others))
    return KeyCase(name, title, page, keys, score, reason, told, near, entry)


def write_csv(cases: Sequence[KeyCase], file: Path) -> None:
    """One line per case, comma-separated (RFC 4180), in UTF-8 with a byte order mark: spreadsheets then keep umlauts."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        names = list(KeyCase.__dataclass_fields__)
        writer.writerow(names)
        writer.writerows([harmless(value) for value in case.as_json().values()] for case in cases)


def show_cases(console: Console, cases: Sequence[KeyCase]) -> None:
    """Print them for people."""
    for case in cases:
        console.print(
            f"{case.score:.0%}  {case.title}  → {case.proposals}", markup=False, highlight=False, soft_wrap=True
        )
        for line in (case.page, case.reason, case.evidence, case.alternatives and f"Sonst: {case.alternatives}"):
            if line:
                console.print(f"     {line}", markup=False, highlight=False, soft_wrap=True)
        console.print(case.override, style="dim", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{len(cases)} zu entscheiden", highlight=False)
