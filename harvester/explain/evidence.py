"""The evidence for one value: rule, document, place, and the bytes that stand there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from harvester.explain.link_note import LinkNote

_SHOWN = 600
"""Characters of a value or of raw bytes that a terminal shows."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value comes from.

    ``raw`` are the bytes at ``locator`` with what stands before and after; all empty where ``problem`` says why.
    A value that the program derives, or that the source's YAML states, has a rule and no place. ``link`` is what the
    catalogue knows of an address.
    """

    field: str
    value: str
    rule: str
    source: str = ""
    remote_id: str = ""
    reason: str = ""
    url: str = ""
    fetched_at: str = ""
    snapshot: str = ""
    locator: str = ""
    start: int = 0
    end: int = 0
    before: str = ""
    raw: str = ""
    after: str = ""
    problem: str = ""
    link: LinkNote | None = None

    def show(self, console: Console) -> None:
        """Print it, the raw value in its surroundings."""
        console.print(Text(self.field, style="bold cyan"))
        console.print(Text(f"  value     {_cut(self.value)}"), soft_wrap=True)
        if self.link is not None:
            self.link.show(console)
        rows = [
            ("rule", self.rule),
            ("source", " · ".join(part for part in (self.source, self.remote_id, self.reason) if part)),
            ("document", " · ".join(part for part in (self.url, self.fetched_at) if part)),
            ("snapshot", self.snapshot),
            (
                "locator",
                self.locator + (f" · bytes {self.start}–{self.end}" if self.locator and not self.problem else ""),
            ),
        ]
        for name, told in rows:
            if told:
                console.print(Text(f"  {name:<9} {told}", style="dim"), soft_wrap=True)
        if self.problem:
            console.print(Text(f"  bytes     {self.problem}", style="yellow"), soft_wrap=True)
        elif self.raw or self.before or self.after:
            line = Text("  bytes     ")
            line.append(_flat(self.before), style="dim")
            line.append(_cut(_flat(self.raw)), style="green")
            line.append(_flat(self.after), style="dim")
            console.print(line, soft_wrap=True)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _cut(text: str) -> str:
    flat = text.replace("\n", " ⏎ ")
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}… ({len(flat)} characters)"
