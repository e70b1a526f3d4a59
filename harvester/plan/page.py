"""The plan as one HTML file: the picture, and tables that say the same. No script, nothing from elsewhere, all escaped."""

from __future__ import annotations

from harvester.plan.document import Plan
from harvester.plan.gantt import MOST, draw_gantt
from harvester.plan.telling import advice_lines, basis_of, headline, length
from harvester.plan.terminal import moment
from harvester.reports.html import environment, style
from harvester.words import Words


def render_plan(plan: Plan, words: Words) -> str:
    """The page."""
    days = (plan.ends - plan.begins).total_seconds() / 86_400
    return environment().get_template("plan.html.j2").render(
        w=words,
        plan=plan,
        title=words("title.one" if days <= 1 else "title", days=words.number(days)),
        headline=headline(plan, words),
        numbers=_numbers(plan, words),
        gantt=draw_gantt(plan, words),
        most=MOST,
        advice=advice_lines(plan, words),
        basis=lambda source: basis_of(source, words),
        length=lambda seconds: length(seconds, words),
        moment=lambda at: moment(at, words),
        style=style(),
    )  # fmt: skip


def _numbers(plan: Plan, words: Words) -> list[tuple[str, str]]:
    once = max((one.ends for one in plan.sources if one.ends), default=None)
    looks, left = sum(host.looks for host in plan.hosts), sum(host.left for host in plan.hosts)
    return [
        ("figure.done", length((once - plan.begins).total_seconds(), words) if once else "–"),
        ("figure.sources", words.number(len(plan.sources))),
        ("figure.hosts", words.number(len(plan.hosts))),
        ("figure.requests", words.number(sum(host.requests for host in plan.hosts))),
        ("figure.looks", f"{words.number(looks)} · {words.number(left)}"),
    ]
