"""Make a report: all its parts, and which of its needs somebody has dealt with."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from harvester.errors import UsageError
from harvester.registry import Registry
from harvester.reports import figures
from harvester.reports.editor_needs import editor_needs
from harvester.reports.facts import Facts, Language, open_catalogue
from harvester.reports.link_needs import false_alarms, link_needs
from harvester.reports.need import Need
from harvester.reports.period import Period, run
from harvester.reports.report import Report
from harvester.reports.source_needs import source_needs
from harvester.run.held import decide
from harvester.words import Words
from harvester.workspace import Workspace

PATIENCE = timedelta(days=14)
"""How long others are given before a need that was dealt with shows up again."""

_DONE = "deal-with"


def make_report(
    workspace: Workspace, state: Database, registry: Registry, period: Period, now: datetime, language: Language = "de"
) -> Report:
    """The report of a period as things stand now. A report of one run tells of its source alone."""
    with open_catalogue(workspace.catalogue_file) as catalogue:
        facts = Facts(state, catalogue, registry, period, now, Words(language), str(workspace.root))
        changed, links = figures.changes(facts), () if period.run else figures.link_changes(facts)
        needs = sorted(all_needs(facts), key=lambda need: (need.urgency, -need.weight, need.title, need.key))
        if period.run:
            source = state.conn.execute("SELECT source_id FROM run WHERE id = ?", (period.run,)).fetchone()[0]
            needs = [need for need in needs if need.subject == source]
        done = _dealt_with(facts)
        return Report(
            language=language,
            generated_at=now.isoformat(),
            period=period,
            summary=figures.summary(facts, changed, links, false_alarms(facts)),
            needs=tuple(need for need in needs if need.key not in done),
            waiting=tuple(n.model_copy(update={"done_by": done[n.key]}) for n in needs if n.key in done),
            changes=changed.listed,
            changes_beyond=changed.beyond,
            link_changes=links,
            regions=() if period.run else figures.regions(facts),
            situations=() if period.run else figures.situations(facts),
            health=figures.health(facts),
            hosts=figures.hosts(facts),
        )


def all_needs(facts: Facts) -> list[Need]:
    """Everything that needs a person, dealt with or not."""
    return [*source_needs(facts), *link_needs(facts), *editor_needs(facts)]


def _dealt_with(facts: Facts) -> dict[str, str]:
    rows = facts.rows(
        "SELECT subject, at, who, because FROM decision WHERE kind = ? AND at > ? ORDER BY id",
        _DONE,
        (facts.now - PATIENCE).isoformat(),
    )
    words = facts.words
    return {r[0]: words("label.done", who=r[2], at=words.date(r[1]), because=r[3]) for r in rows}


def deal_with(state: Database, report: Report, key: str, because: str, who: str, at: datetime) -> Need:
    """Write down that somebody has dealt with a need: it waits for others now.

    Raises:
        UsageError: there is no such need, or no reason.
    """
    found = next((need for need in (*report.needs, *report.waiting) if need.key == key), None)
    if found is None:
        raise UsageError(f"there is no open point {key}; harvester report lists them")
    if not because.strip():
        raise UsageError('say what was done: --because "…"')
    decide(state, _DONE, key, because, who, at)
    return found


def period_of_run(state: Database, run_id: str) -> Period:
    """The period of a run.

    Raises:
        UsageError: there is no such run, or it has not ended.
    """
    row = state.conn.execute("SELECT started_at, ended_at FROM run WHERE id = ?", (run_id,)).fetchone()
    if row is None or row[1] is None:
        raise UsageError(f"there is no run {run_id} that has ended; harvester report without it tells of today")
    ends = datetime.fromisoformat(row[1]) + timedelta(seconds=1)
    return run(run_id, row[0], ends.isoformat())
