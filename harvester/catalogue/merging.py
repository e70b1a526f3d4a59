"""What a person should know about merging: rules that do nothing, and records of one service that contradict each other."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from harvester.catalogue.batch import Batch
from harvester.catalogue.findings import finding_row
from harvester.catalogue.meeting import LIVE
from harvester.merge import Combined, Ref
from harvester.merge.conflict import conflicts_of, opposed
from harvester.merge.decided import Decided
from harvester.situations import Finding

_ASK = (
    "Bei den Herausgebern klären, was gilt; sind es zwei Leistungen, trennt sie eine Regel in data/merge.yml"
    " (harvester catalogue merges {0}). / Ask the publishers which is right; if these are two services, a rule in"
    " data/merge.yml keeps them apart (harvester catalogue merges {0})."
)


def rule_findings(state: sqlite3.Connection, decided: Decided) -> Iterator[Finding]:
    """Rules that cannot be read, that contradict each other, or whose records no source has any more. ``temp.chosen``: the sources."""
    for wrong in decided.wrong:
        yield Finding("warning", "merge.rule-invalid", "merge_rule", wrong.place, wrong.problem, wrong.advice)
    query = (
        "SELECT 1 FROM record r JOIN temp.chosen c ON c.id = r.source_id WHERE r.source_id = ? AND r.kind = 'service'"
        f" AND r.remote_id = ? AND r.status IN {LIVE}"
    )
    for rule, place in zip(decided.read, decided.places, strict=True):
        for ref in rule.records:
            if state.execute(query, ref).fetchone() is None:
                message = f"{place}: Den Datensatz {ref} gibt es nicht mehr; die Regel ruht für ihn."
                hint = "Den Eintrag entfernen oder auf den Nachfolger umschreiben."
                yield Finding("warning", "merge.rule-gone", "merge_rule", str(ref), message, hint)


def add_conflicts(batch: Batch, combined: Combined, service_id: str) -> Iterator[Finding]:
    """Add the rows of ``conflict`` of a service; a finding for two fees. Whether addresses live is told later, by the link check."""
    fees: dict[Ref, str] = {}
    for saying in conflicts_of(combined):
        batch.add("conflict", (service_id, saying.field, *saying.ref, saying.value))
        if saying.field == "fees":
            fees[saying.ref] = saying.value
    if fees:
        told = "; ".join(f"{value} ({ref.source_id})" for ref, value in sorted(fees.items()))
        message = f"Verschiedene Gebühren: {told}. / Different fees."
        yield Finding("warning", "merge.fees", "service", service_id, message, _ASK.format(service_id))


_APPLY = """
    SELECT c.service_id, c.source_id, c.remote_id, c.value, coalesce(l.final_url, l.url), max(s.changed_at, coalesce(l.since, ''))
    FROM conflict c JOIN link l ON l.url = c.value AND l.state = 'ok' JOIN service s ON s.id = c.service_id
    WHERE c.field = 'apply' ORDER BY 1, 2, 3, 4
"""


def apply_findings(db: sqlite3.Connection) -> Iterator[tuple[str, ...]]:
    """Rows of ``finding``: services whose records lead to different addresses to apply that were both seen alive."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'conflict'").fetchone() is None:
        return  # a build of an earlier version, on the way back
    living: dict[str, dict[Ref, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    since: dict[str, str] = {}
    for sid, source, remote, url, final, at in db.execute(_APPLY):
        living[sid][Ref(source, remote)][final] = url
        since[sid] = max(since.get(sid, ""), at)
    for sid, by_record in living.items():
        if found := opposed({ref: frozenset(urls) for ref, urls in by_record.items()}):
            told = _tell(found, by_record)
            message = (
                f"Verschiedene Adressen für den Antrag, alle erreichbar: {told}. / Different living addresses to apply."
            )
            yield finding_row("warning", "merge.apply", "service", sid, message, _ASK.format(sid), since[sid])


def _tell(refs: Iterable[Ref], by_record: Mapping[Ref, Mapping[str, str]]) -> str:
    return "; ".join(f"{' '.join(sorted(by_record[ref].values()))} ({ref.source_id})" for ref in refs)
