"""What the catalogue knows of an address, beside the evidence for where it was read."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

_COLOUR = {"ok": "green", "suspect": "yellow", "dead": "red"}


@dataclass(frozen=True, slots=True)
class LinkNote:
    """State, outcome and rule (``code``) of a link, since when (UTC), what is offered instead, and what is proposed."""

    state: str
    outcome: str | None
    code: str | None
    since: str | None
    last_checked_at: str | None
    substitute: str | None
    substitute_reason: str | None
    suggestion: str | None
    replaced_by: str | None = None
    replaced_because: str | None = None

    def show(self, console: Console) -> None:
        """Print it: the state, then what stands in for a dead link."""
        line = Text("  link      ").append(self.state, style=_COLOUR.get(self.state, ""))
        told = [self.outcome if self.outcome != self.state else "", f"rule {self.code}" if self.code else ""]
        told += [f"since {self.since[:10]}" if self.since else "never checked"]
        console.print(line.append("".join(f" · {part}" for part in told if part), style=""), soft_wrap=True)
        if self.substitute:
            console.print(Text(f"  instead   {self.substitute} ({self.substitute_reason})"), soft_wrap=True)
        if self.replaced_by:
            console.print(Text(f"  accepted  {self.replaced_by} ({self.replaced_because})"), soft_wrap=True)
        if self.suggestion:
            console.print(Text(f"  proposed  {self.suggestion}"), soft_wrap=True)


def read_link_notes(catalogue: sqlite3.Connection, service_id: str) -> dict[str, LinkNote]:
    """The notes on a service's links, by address; none in a catalogue of an earlier version."""
    if (
        catalogue.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'v_service_link' AND sql LIKE '%replaces%'"
        ).fetchone()
        is None
    ):
        return {}
    query = (
        "SELECT coalesce(replaces, stated_url), state, outcome, code, since, last_checked_at, substitute, substitute_reason, suggestion,"
        " iif(replaces IS NULL, NULL, stated_url), replaced_because"
        " FROM v_service_link WHERE service_id = ?"
    )
    return {row[0]: LinkNote(*row[1:]) for row in catalogue.execute(query, (service_id,))}
