"""Reports as files of the workspace: HTML, JSON and Markdown of each, a list of all, and a badge per source."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from harvester.reports.charts import draw_badge
from harvester.reports.html import render_index, render_report, title_of
from harvester.reports.markdown import render_markdown
from harvester.reports.report import Report
from harvester.telling.feed import render_feed
from harvester.words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """A report in the list of all."""

    name: str
    title: str
    at: str
    needs: int
    services: int
    created: int
    changed: int
    removed: int


def write_report(report: Report, folder: Path) -> Path:
    """Write all files of a report and the list; returns the HTML file."""
    folder.mkdir(parents=True, exist_ok=True)
    name, words = report.period.name, Words(report.language)
    page = folder / f"{name}.html"
    replace_file(folder / f"{name}.json", report.model_dump_json())
    replace_file(folder / f"{name}.md", render_markdown(report))
    replace_file(page, render_report(report))
    if not report.period.run:
        replace_file(folder / "feed.atom", render_feed(report).decode())
    replace_file(folder / "entries" / f"{name}.json", json.dumps(_entry(report), ensure_ascii=False))
    badges = []
    for source in report.health:
        verdict = words(f"verdict.{source.verdict}") if words.has(f"verdict.{source.verdict}") else source.verdict
        replace_file(folder / "badges" / f"{source.source}.svg", draw_badge(source.source, verdict, source.verdict))
        badges.append((source.source, verdict))
    replace_file(folder / "index.html", render_index(_entries(folder), badges, words))
    return page


def forget_reports(folder: Path, now: datetime, keep_days: int) -> None:
    """Remove reports that are older than that."""
    for entry in _entries(folder):
        if now - datetime.fromisoformat(entry.at) > timedelta(days=keep_days):
            for file in (*folder.glob(f"{entry.name}.*"), folder / "entries" / f"{entry.name}.json"):
                file.unlink(missing_ok=True)


def _entry(report: Report) -> dict[str, object]:
    s = report.summary
    return {
        "name": report.period.name,
        "title": title_of(report),
        "at": report.generated_at,
        "needs": len(report.needs),
        "services": s.services,
        "created": s.created,
        "changed": s.changed,
        "removed": s.removed,
    }


def _entries(folder: Path) -> list[Entry]:
    return sorted(_read_entries(folder), key=lambda entry: (entry.at, entry.name), reverse=True)


def _read_entries(folder: Path) -> Iterator[Entry]:
    for file in sorted((folder / "entries").glob("*.json")):
        try:
            yield Entry(**json.loads(file.read_text(encoding="utf-8")))
        except (
            ValueError,
            TypeError,
        ):  # half-written by a machine that died; the next report of the day writes it anew
            continue


def replace_file(file: Path, text: str) -> None:
    """Write a file in one step: readers see the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.{os.getpid()}.half")
    half.write_text(text, encoding="utf-8")
    half.replace(file)
