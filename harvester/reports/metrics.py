"""Numbers for a monitoring system, as a text file in the OpenMetrics format 1.0: ``reports/metrics.txt``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from harvester.reports.report import Report

_VERDICTS = ("complete", "partial", "held", "failed")


def write_metrics(report: Report, state: Database, file: Path, now: datetime) -> None:
    """Write the file in one step, for a collector of text files."""
    from harvester.reports.store import replace_file  # noqa: PLC0415 - the store writes reports, which know nothing of metrics

    replace_file(file, render_metrics(report, state, now))


def render_metrics(report: Report, state: Database, now: datetime) -> str:
    """All metrics, each family with its type, and the end mark that the format asks for."""
    return "\n".join([*_lines(report, state, now), "# EOF"]) + "\n"


def _lines(report: Report, state: Database, now: datetime) -> Iterator[str]:
    s = report.summary
    yield from _gauge("harvester_services", "Services in the published catalogue", [("", s.services)])
    yield from _gauge("harvester_links", "Addresses in the published catalogue", [("", s.links)])
    yield from _gauge("harvester_dead_links", "Addresses called dead", [("", s.dead_links)])
    yield from _gauge("harvester_needs", "Things that need a person", _by_urgency(report))
    yield from _gauge(
        "harvester_source_services", "Services after the last complete run",
        [(_label("source", h.source), h.services) for h in report.health],
    )  # fmt: skip
    yield from _gauge(
        "harvester_source_verdict", "1 for the verdict of the last run",
        [
            (f"{_label('source', h.source)[:-1]},{_label('verdict', verdict)[1:]}", int(h.verdict == verdict))
            for h in report.health
            for verdict in _VERDICTS
        ],
    )  # fmt: skip
    ages = [
        (_label("source", h.source), round((now - datetime.fromisoformat(h.last_complete_at)).total_seconds()))
        for h in report.health
        if h.last_complete_at
    ]
    yield from _gauge("harvester_source_age_seconds", "Time since the last complete run", ages)
    rows = state.conn.execute(
        "SELECT source_id, total(requests), total(bytes), count(*) FROM run GROUP BY 1"
    ).fetchall()
    for name, told, column in (
        ("harvester_requests", "Requests of harvests", 1),
        ("harvester_received_bytes", "Bytes received by harvests", 2),
        ("harvester_runs", "Runs", 3),
    ):
        yield f"# TYPE {name} counter"
        yield f"# HELP {name} {told}"
        for row in rows:
            yield f"{name}_total{_label('source', row[0])} {int(row[column])}"


def _by_urgency(report: Report) -> list[tuple[str, int]]:
    return [
        (_label("urgency", name), sum(int(need.urgency) == number for need in report.needs))
        for number, name in enumerate(("now", "today", "week", "sometime"), start=1)
    ]


def _gauge(name: str, told: str, values: list[tuple[str, int]]) -> Iterator[str]:
    yield f"# TYPE {name} gauge"
    yield f"# HELP {name} {told}"
    for labels, value in values:
        yield f"{name}{labels} {value}"


def _label(name: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{{{name}="{escaped}"}}'
