"""The report at the end of every run. A report that cannot be made is told, and fails nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from harvester.registry import Registry
from harvester.reports.make import make_report
from harvester.reports.metrics import write_metrics
from harvester.reports.period import today
from harvester.reports.report import Report
from harvester.reports.store import forget_reports, write_report
from harvester.state import open_state
from harvester.telling.tell import channels_of, tell
from harvester.workspace import Workspace


def report_after_run(
    workspace: Workspace, registry: Registry, now: datetime, complain: Callable[[str], object]
) -> tuple[Report, Path] | None:
    """Write the day's report; None where that failed, and then ``complain`` was told why."""
    try:
        with closing(open_state(workspace.state_file)) as state:
            report = make_report(workspace, state, registry, today(now), now, workspace.settings.reports.language)
            page = write_report(report, workspace.reports)
            write_metrics(report, state, workspace.reports / "metrics.txt", now)
            for problem in tell(state, report, channels_of(workspace), now, workspace.settings.telling.digest):
                complain(f"not told, {problem}")
        forget_reports(workspace.reports, now, workspace.settings.reports.keep_days)
    except Exception as error:  # noqa: BLE001 - whatever it is, the harvest is done and published; nobody must lose it for a report
        complain(f"no report: {type(error).__name__}: {error}; harvester report --debug shows more")
        return None
    return report, page
