"""A report as one HTML file: no script, nothing from elsewhere, everything escaped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from harvester.reports.charts import draw_runs
from harvester.reports.period import Period
from harvester.reports.report import Change, Health, Report
from harvester.reports.steps import steps_of
from harvester.words import Words


@dataclass(frozen=True, slots=True)
class Most:
    """How much of each part the page shows; the rest is in the JSON file beside it."""

    needs: int = 60
    links: int = 40
    rows: int = 20
    commands: int = 3
    changes: int = 300
    letters: int = 60_000
    link_changes: int = 100
    parts: int = 60
    sources: int = 60
    hosts: int = 60


MOST = Most()


def render_report(report: Report) -> str:
    """The page."""
    words = Words(report.language)
    shared = {
        "w": words,
        "most": MOST,
        "file": f"{report.period.name}.json",
        "steps": lambda need: steps_of(need, words),
    }
    parts: Any = environment().get_template("parts.html.j2").make_module(shared)
    return environment().get_template("report.html.j2").render(
        **shared,
        r=report,
        title=title_of(report),
        headline=headline(report),
        numbers=_numbers(report, words),
        style=style(),
        shown_changes=_within(report.changes),
        changes_command=all_changes(report.period),
        verdicts=("complete", "partial", "held", "failed", "none"),
        draw=_draw,
        show_need=parts.show_need,
        show_words=parts.show_words,
        show_url=parts.show_url,
        more=parts.more,
        field=lambda name: _field(name, words),
    )  # fmt: skip


def render_index(entries: Iterable[Any], badges: Iterable[tuple[str, str]], words: Words) -> str:
    """The list of all reports."""
    template = environment().get_template("index.html.j2")
    return template.render(entries=list(entries), badges=list(badges), w=words, language=words.language, style=style())


def title_of(report: Report) -> str:
    """What the report is called."""
    words = Words(report.language)
    if report.period.run:
        return words("title.run", run=report.period.run)
    return words("title.day", date=words.date(report.period.name))


def headline(report: Report) -> str:
    """The one sentence that matters."""
    words, count = Words(report.language), len(report.needs)
    if count == 0:
        return words("head.nobody")
    return words("head.one") if count == 1 else words("head.some", n=words.number(count))


def all_changes(period: Period) -> str:
    """The command that tells every change since a period began."""
    return f"harvester diff --since {period.since}"


def _field(name: str, words: Words) -> str:
    """A field of a service in words: ``texts/fees/de`` is the text about fees in German."""
    kind, _, rest = name.partition("/")
    part, _, language = rest.partition("/")
    told = words(f"field.{kind}") if words.has(f"field.{kind}") else kind
    about = (words(f"module.{part}") if words.has(f"module.{part}") else part) if part else ""
    return " ".join(filter(None, (told, about, f"({language})" if language and language != "de" else "")))


def _numbers(report: Report, words: Words) -> list[tuple[str, str]]:
    s, n = report.summary, words.number
    return [
        ("figure.services", n(s.services)),
        ("figure.changes", f"{n(s.created)} · {n(s.changed)} · {n(s.removed)}"),
        ("figure.runs", f"{n(s.runs)} · {n(s.complete)}"),
        ("figure.links", f"{n(s.links)} · {n(s.dead_links)}"),
        ("figure.mended", f"{n(s.broken)} · {n(s.fixed)}"),
    ]


def _within(changes: tuple[Change, ...]) -> list[Change]:
    """As many changes as there is room for."""
    shown, letters = [], 0
    for change in changes[: MOST.changes]:
        letters += sum(len(piece.text) for piece in change.words)
        if letters > MOST.letters:
            break
        shown.append(change)
    return shown


def _draw(source: Health) -> Markup:
    return Markup(draw_runs(source.runs))  # noqa: S704 - drawn from numbers and verdicts alone


@cache
def style() -> Markup:
    """The style sheet of all pages that are files."""
    return Markup(_read("style.css"))  # noqa: S704 - our own file


def _read(name: str) -> str:
    return files("harvester.reports").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """The templates of all pages that are files; everything is escaped."""
    return Environment(
        loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
