"""A report as Markdown, for mail: plain enough to be read as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester.plain import plain
from harvester.reports.html import all_changes, headline, title_of
from harvester.reports.need import Need
from harvester.reports.report import Report
from harvester.reports.steps import steps_of
from harvester.words import Words

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~])")
_NEEDS, _LINKS, _ROWS, _CHANGES = 25, 15, 10, 40


def render_markdown(report: Report) -> str:
    """The whole report, shortened."""
    return "\n".join(_lines(report)) + "\n"


def safe(text: str) -> str:
    """Text from elsewhere, so that nothing in it is markup."""
    return _MARKUP.sub(r"\\\1", plain(text))


def _lines(report: Report) -> Iterator[str]:
    words = Words(report.language)
    file = f"{report.period.name}.json"
    yield f"# {safe(title_of(report))}"
    yield ""
    yield f"**{headline(report)}**"
    for need in report.needs[:_NEEDS]:
        yield ""
        yield from _need(need, words, file)
    yield from _more(len(report.needs), _NEEDS, words, file)
    yield ""
    yield f"## {words('section.changes')}"
    yield ""
    for change in report.changes[:_CHANGES]:
        yield f"- {words('kind.' + change.kind)}: {safe(change.title)}" + (
            f" ({safe(change.field)})" if change.field else ""
        )
    yield from _more(len(report.changes), _CHANGES, words, file)
    if report.changes_beyond:
        yield ""
        yield words("section.changes.beyond", n=words.number(report.changes_beyond), command=all_changes(report.period))
    if not report.changes:
        yield words("section.changes.none")


def _need(need: Need, words: Words, file: str) -> Iterator[str]:
    yield f"## {words(f'urgency.{int(need.urgency)}')}: {safe(need.title)}"
    yield ""
    yield safe(need.cause)
    yield ""
    if need.since:
        yield f"- {words('label.since')}: {words.moment(need.since)}"
    if need.owner:
        yield f"- {words('label.owner')}: {safe(need.owner)}"
    for fact in need.facts:
        yield f"- {safe(fact.label)}: {safe(fact.text)}"
    for link in need.links[:_LINKS]:
        yield f"- {safe(link.url)} ({words('trend.' + link.trend)}; {safe(link.cause)})"
    yield from _more(len(need.links), _LINKS, words, file)
    for row in need.rows[:_ROWS]:
        yield f"- {safe(row.title)} ({safe(row.id)})"
    if need.rows:
        yield from _more(need.count, _ROWS, words, file)
    yield ""
    for purpose, commands in steps_of(need, words):
        yield purpose
        yield ""
        yield from (f"    {command}" for command in commands)
        yield ""


def _more(count: int, shown: int, words: Words, file: str) -> Iterator[str]:
    if count > shown:
        yield ""
        yield words("label.more", n=words.number(count - shown), file=file)
