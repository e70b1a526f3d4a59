"""Findings: what a maintainer should know about sources and their records, as rows of the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from sqlite_utils import Database

_HINTS = {
    "error": "Der Herausgeber muss den Datensatz berichtigen; bis dahin fehlt er oder bleibt, wie er war."
    " / The publisher has to correct the record; until then it is missing or stays as it was.",
    "warning": "Bitte beim Herausgeber ansprechen. / Please raise it with the publisher.",
    "info": "",
    "run.failed": "Der Lauf zählt nicht, alles bleibt, wie es war. / The run does not count, everything stays as it was.",
    "run.held": "Bitte prüfen; bis dahin bleibt alles, wie es war. / Please check; until then everything stays as it was.",
    "run.partial": "Was gelesen wurde, zählt; nichts wurde entfernt. / What was read counts; nothing was removed.",
}
"""What to do, in German and in English, by severity or rule."""


def finding_rows(state: Database, source_ids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Rows of ``finding``: each source that did not run well, its errors and warnings, and notes counted per rule."""
    for source_id in source_ids:
        yield from _last_run(state, source_id)
        issues = state.conn.execute(
            "SELECT severity, rule, remote_id, locator, url, message, first_seen_at FROM issue"
            " WHERE source_id = ? AND severity <> 'info' ORDER BY severity, rule, remote_id LIMIT 5000",
            (source_id,),
        )
        for i in issues:
            place = f"{source_id}:{i['remote_id']}" if i["remote_id"] else f"{source_id}:{i['url']}#{i['locator']}"
            entity = "record" if i["remote_id"] or i["locator"] else "document"
            yield finding_row(
                i["severity"], i["rule"], entity, place, i["message"], _HINTS[i["severity"]], i["first_seen_at"]
            )
        notes = state.conn.execute(
            "SELECT rule, min(message) AS message, count(*) AS count, min(first_seen_at) AS at FROM issue"
            " WHERE source_id = ? AND severity = 'info' GROUP BY rule ORDER BY rule",
            (source_id,),
        )
        for n in notes:
            message = n["message"] + (f" ({n['count']}x)" if n["count"] > 1 else "")
            yield finding_row("info", n["rule"], "source", source_id, message, "", n["at"])


def _last_run(state: Database, source_id: str) -> Iterator[tuple[str, ...]]:
    """What is wrong with a source's last run, and since when its runs have ended so."""
    row = state.conn.execute(
        "SELECT verdict, reason, last_run_at, (SELECT min(r.ended_at) FROM run r WHERE r.source_id = s.id"
        " AND r.verdict = s.verdict AND r.ended_at > coalesce(s.last_complete_at, '')) AS since"
        " FROM source s WHERE id = ?",
        (source_id,),
    ).fetchone()
    if row and row["verdict"] not in (None, "complete"):
        severity, rule = "warning" if row["verdict"] == "partial" else "error", f"run.{row['verdict']}"
        since = row["since"] or row["last_run_at"]
        yield finding_row(severity, rule, "source", source_id, row["reason"], _HINTS[rule], since)


def finding_row(
    severity: str, rule: str, entity: str, entity_id: str, message: str, hint: str, at: str
) -> tuple[str, ...]:
    """A row of ``finding``; its id depends on rule, entity and message."""
    told = f"{rule}\n{entity}\n{entity_id}\n{message}"
    return (
        hashlib.blake2b(told.encode(), digest_size=8).hexdigest(),
        severity,
        rule,
        entity,
        entity_id,
        message,
        hint,
        at,
    )
