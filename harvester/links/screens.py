"""What ``harvester links`` shows at a terminal. Reasons and advice are German, as maintainers read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.links.checker import RunReport
from harvester.links.commands import say
from harvester.links.confirm import Precision
from harvester.links.proposals import Proposal
from harvester.links.rules import read_rules

_COLOUR = {"ok": "green", "suspect": "yellow", "dead": "red", "unchecked": "dim"}
_MOST = 50
"""Changes that a screen shows; ``--json`` has them all."""


def show_check(console: Console, report: RunReport) -> None:
    """A run: what it came to, hosts in trouble, and links whose state changed."""
    _print(console, Text(say(report), style="red" if report.void is not None else ""))
    rules = read_rules()
    for host, code in sorted(report.broken.items()):
        line = Text("incident ", style="yellow").append(f"{host}: {rules[code].reason_de}", style="default")
        _print(console, line)
    for change in report.changes[:_MOST]:
        line = Text().append(f"{change.before} → ", style="dim").append(change.after, style=_COLOUR[change.after])
        _print(console, line.append(f"  {change.url}  {rules[change.code].reason_de}", style="default"))
    if len(report.changes) > _MOST:
        _print(console, Text(f"… and {len(report.changes) - _MOST} more", style="dim"))


def show_list(console: Console, links: Sequence[dict[str, Any]], precision: Precision) -> None:
    """One link a line, with the reason below."""
    for link in links:
        line = Text(f"{link['state']:<9} ", style=_COLOUR[link["state"]])
        line.append(f"{link['outcome']:<11} {(link['since'] or '')[:10]:<10}  ", style="dim").append(
            link["url"], style="default"
        )
        _print(console, line)
        if link["state"] != "ok" or link["outcome"] != "ok":
            _print(console, Text(f"{'':<10}{link['reason_de']} → {link['action_de']}", style="dim"))
    _print(console, Text(f"{len(links)} link{'' if len(links) == 1 else 's'}", style="bold"))
    if precision.share is not None:
        told = f"looked at by hand: {precision.confirmed} called dead, {precision.false_alarms} of them alive"
        _print(console, Text(f"{told} (false alarms: {precision.share:.0%})"))


def show_link(console: Console, told: dict[str, Any]) -> None:
    """State, rule, observations, incidents and words of one link."""
    _print(console, Text(told["url"], style="bold"))
    state = Text("  state     ").append(told["state"], style=_COLOUR[told["state"]])
    _print(console, state.append(f" since {_time(told['since'])} · {told['failures']} failures", style="default"))
    rows = [
        ("outcome", f"{told['outcome']} · rule {told['code']}"),
        ("reason", told["reason_de"]),
        ("action", f"{told['action_de']} ({told['who']})" if told["action_de"] else ""),
        ("leads to", told["final_url"] if told["final_url"] not in (None, told["url"]) else ""),
        ("checked", f"{_time(told['last_checked_at'])} · next {_time(told['next_check_at'])}"),
        ("alive", _time(told["last_ok_at"])),
        ("said", f"{told['said_by_hand']} (by hand)" if told["said_by_hand"] else ""),
        ("named as", " · ".join(text for text in told["named_as"] if text != told["url"])),
    ]
    for name, value in rows:
        if value:
            _print(console, Text(f"  {name:<9} {value}"))
    if told["observations"]:
        _print_observations(console, told["observations"])
    for incident in told["incidents"]:
        end = f"closed {_time(incident['closed_at'])}" if incident["closed_at"] else "open"
        _print(
            console,
            Text(f"  incident  {incident['host']}: {incident['code']} since {_time(incident['opened_at'])}, {end}"),
        )
    for word in told["confirmations"]:
        why = f": {word['because']}" if word["because"] else ""
        _print(console, Text(f"  word      {_time(word['at'])} {word['word']} (was {word['state']}){why}"))


def _print_observations(console: Console, observations: Sequence[dict[str, Any]]) -> None:
    table = Table(title="observations", title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    for name in ("at", "method", "answer", "judged", "by today's rules", "title or fault"):
        table.add_column(name, overflow="fold")
    for seen in observations:
        now = seen["judged_now"] if seen["judged_now"] != seen["judged"] else "the same"
        answer = " → ".join([*(str(hop["status"]) for hop in seen["hops"]), str(seen["status"] or "none")])
        judged = Text(seen["judged"], style="" if seen["decisive"] else "dim")
        told = Text(seen["title"] or seen["fault"] or "", style="dim")
        table.add_row(_time(seen["at"]), seen["method"], answer, judged, now, told)
    console.print(table)


def show_proposals(console: Console, proposals: Sequence[Proposal]) -> None:
    """One proposal in three lines: what, by what, why."""
    for proposal in proposals:
        found = proposal.suggestion
        _print(console, Text(found.url, style="red"))
        _print(console, Text("  → ", style="dim").append(found.target, style="green"))
        named = ", ".join(proposal.services[:3]) + (
            f" and {len(proposal.services) - 3} more" if len(proposal.services) > 3 else ""
        )
        _print(
            console,
            Text(
                f"    {found.confidence:.0%} {found.kind}: {found.reason_de}" + (f" ({named})" if named else ""),
                style="dim",
            ),
        )
    _print(
        console,
        Text(
            f"{len(proposals)} proposal{'' if len(proposals) == 1 else 's'}; nothing is applied by itself", style="bold"
        ),
    )


def _time(text: str | None) -> str:
    return text[:16].replace("T", " ") if text else "never"


def _print(console: Console, line: Text) -> None:
    console.print(line, soft_wrap=True, highlight=False)
