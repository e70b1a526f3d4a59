"""A report for a terminal: what needs a person, and the commands."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harvester.reports.html import headline, title_of
from harvester.reports.report import Report
from harvester.reports.steps import steps_of
from harvester.words import Words

_STYLES = {1: "bold red", 2: "bold yellow", 3: "cyan", 4: "dim"}
_COMMANDS = 3


def print_report(console: Console, report: Report) -> None:
    """Short: the head, each need with its commands, and the numbers."""
    words = Words(report.language)

    def line(text: str, style: str = "") -> None:
        console.print(Text(text, style=style), soft_wrap=not console.is_terminal)

    line(f"{title_of(report)} · {words('as.of', at=words.moment(report.generated_at))}", "dim")
    line(headline(report), "bold")
    for need in report.needs:
        line("")
        line(f"{words(f'urgency.{int(need.urgency)}')}: {need.title}", _STYLES[int(need.urgency)])
        line(f"  {need.cause}")
        about = [f"{words('label.since')} {words.moment(need.since)}"] if need.since else []
        about += [f"{words('label.owner')}: {need.owner}"] if need.owner else []
        if about:
            line(f"  {' · '.join(about)}", "dim")
        for purpose, commands in steps_of(need, words):
            line(f"  {purpose}", "dim")
            for command in commands[:_COMMANDS]:
                line(f"    {command}")
            if len(commands) > _COMMANDS:
                line(f"    {words('label.commands.more', n=len(commands) - _COMMANDS)}", "dim")
    if report.waiting:
        line("")
        line(words("head.waiting", n=len(report.waiting)), "dim")
    s = report.summary
    line("")
    counts = f"{words.number(s.services)} {words('figure.services')}, {words('figure.changes')}: {s.created} · {s.changed} · {s.removed}"
    line(counts, "dim")
