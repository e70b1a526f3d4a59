"""Explanations, figures and the review list, for people at a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.situations.explain import Explanation
from harvester.situations.figures import SUREST, Figures
from harvester.situations.knowledge import Knowledge
from harvester.situations.review import Case

_ROWS = 25
_LEAST = 0.005


def name_of(sid: str, knowledge: Knowledge) -> str:
    """A situation's name with the name above it."""
    taxonomy = knowledge.taxonomies.get(sid.partition(":")[0])
    above = [s.name for s in taxonomy.ancestors(sid)] if taxonomy else []
    return " › ".join(reversed(above[:2])) or sid


def explanation_as_json(title: str, told: Explanation, knowledge: Knowledge) -> dict[str, Any]:
    """Plain data."""
    fields = {f"ozg:{code}": round(p, 4) for code, p in told.guess.fields[:5]} if told.guess else {}
    return {
        "title": title,
        "assignments": [
            {
                "situation": a.situation,
                "name": name_of(a.situation, knowledge),
                "origin": a.origin,
                "confidence": a.confidence,
                "rule": a.rule,
                "rank": a.rank,
            }
            for a in told.assigned.assignments
        ],
        "findings": [{"rule": f.rule, "message": f.message, "hint": f.hint} for f in told.assigned.findings],
        "keys": [{"key": key, "known": level, "record": record} for key, level, record in told.keys],
        "text": {
            "sure": bool(told.guess and told.guess.sure),
            "fields": fields,
            "official_words": list(told.official_words),
            "reasons": {f"ozg:{code}": {part: round(n, 3) for part, n in parts} for code, parts in told.reasons},
        },
    }


def show_explanation(console: Console, title: str, told: Explanation, knowledge: Knowledge) -> None:
    """Where a service lies, and what spoke for it."""
    console.print(Text(title, style="bold"))
    if told.assigned.assignments:
        table = _table("situation", "name", "origin", "sure", "rule")
        for a in told.assigned.assignments:
            table.add_row(a.situation, name_of(a.situation, knowledge), a.origin, f"{a.confidence:.0%}", a.rule)
        console.print(table)
    else:
        console.print("  in no situation: „Weitere Leistungen“, and on the list of harvester situations review")
    for finding in told.assigned.findings:
        console.print(Text(f"  ! {finding.message} {finding.hint}", style="yellow"))
    for key, level, record in told.keys:
        console.print(Text(f"  key {key}: {level}{f' ({record})' if record else ''}"))
    if told.guess:
        sure = "sure enough" if told.guess.sure else "not sure enough to speak"
        console.print(Text(f"  the text alone, {sure}:"))
        for (code, probability), (_, parts) in zip(told.guess.fields, told.reasons, strict=False):
            if probability < _LEAST:
                break
            because = " · ".join(
                islice(dict.fromkeys(name for part, _ in parts if len(name := part.strip("= ")) > 1), 6)
            )
            console.print(Text(f"    {probability:4.0%}  {name_of(f'ozg:{code}', knowledge)}  because of  {because}"))
    if told.official_words:
        console.print(Text(f"  read beside it: {', '.join(told.official_words)}"))


def show_figures(console: Console, figures: Mapping[str, Figures]) -> None:
    """A line per case, and what was confused most."""
    table = _table("case", "asked", "top 1", "top 2", "sure: share", "right", f"surest {SUREST:.0%}")
    for case, f in figures.items():
        shares = (f.top1, f.top2, f.sure_share, f.sure_accuracy, f.surest_accuracy)
        table.add_row(case, str(f.asked), *(f"{share:.3f}" for share in shares))
    console.print(table)
    for case, f in figures.items():
        if case.endswith(" lage"):
            continue
        steps = (f"{step} {right / asked:.3f} of {asked}" for step, (asked, right) in sorted(f.steps.items()))
        console.print(f"{case}, by step: {', '.join(steps)}", highlight=False, markup=False)
        for right, guessed, count in f.confusion[:5]:
            console.print(f"  {count:4}x {guessed} instead of {right}", highlight=False, markup=False)


def show_cases(console: Console, cases: Iterable[Case], knowledge: Knowledge) -> None:
    """The first of the review list."""
    every = list(cases)
    table = _table("service", "title", "used", "reason", "proposal")
    for case in every[:_ROWS]:
        proposal = name_of(case.proposal, knowledge) if case.proposal else ""
        table.add_row(case.service_id, case.title, str(case.used), case.reason, proposal)
    if every:
        console.print(table)
    left = f", {_ROWS} of them above" if len(every) > _ROWS else ""
    console.print(
        f"{len(every)} services need a person{left}; harvester situations review --csv prints all for a spreadsheet"
    )


def _table(*names: str) -> Table:
    table = Table(header_style="bold", box=SIMPLE_HEAD)
    numbers = {"used", "asked", "sure"}
    for n, name in enumerate(names):
        right = name in numbers or name[:3] in {"top", "sur", "rig"}
        table.add_column(name, justify="right" if right and n else "left", overflow="fold")
    return table
