"""Repair proposals as maintainers and editors take them: with the services they concern, as JSON and as CSV."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harvester.catalogue.substitutes import elsewhere
from harvester.links.suggest import Places, Suggestion, suggest_repairs

_COLUMNS = ("url", "target", "kind", "confidence", "reason_de", "reason_en", "services", "sources")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion, with the titles of the services that name the link, and the sources these come from."""

    suggestion: Suggestion
    services: tuple[str, ...]
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self.suggestion), "services": list(self.services), "sources": list(self.sources)}


def propose(state: sqlite3.Connection, catalogue: Path, places: Places | None = None) -> list[Proposal]:
    """All suggestions, the surest first for each link. Without a catalogue there are no services to name."""
    if not catalogue.exists():
        return [Proposal(suggestion, (), ()) for suggestion in suggest_repairs(state, None, places)]
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        found = suggest_repairs(state, lambda texts: elsewhere(db, texts), places)
        return [_name(suggestion, state, db) for suggestion in found]


def _name(suggestion: Suggestion, state: sqlite3.Connection, db: sqlite3.Connection) -> Proposal:
    spellings = "SELECT t.text FROM link_text t JOIN link l ON l.id = t.link_id WHERE l.url = ?"
    query = (
        "SELECT DISTINCT s.title, s.source_id FROM link l JOIN service_link sl ON sl.link_id = l.id"
        " JOIN service s ON s.id = sl.service_id WHERE l.url = ? ORDER BY 1"
    )
    rows = [row for (text,) in state.execute(spellings, (suggestion.url,)) for row in db.execute(query, (text,))]
    return Proposal(suggestion, tuple(dict.fromkeys(r[0] for r in rows)), tuple(sorted({r[1] for r in rows})))


def write_csv(proposals: list[Proposal], file: Path) -> None:
    """One line per proposal, comma-separated (RFC 4180), in UTF-8 with a byte order mark: spreadsheets then keep umlauts."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, _COLUMNS)
        writer.writeheader()
        for proposal in proposals:
            told = proposal.as_json()
            told |= {name: " | ".join(told[name]) for name in ("services", "sources")}
            writer.writerow({name: harmless(value) for name, value in told.items()})


def harmless(value: object) -> object:
    """Titles come from strangers' pages: a spreadsheet must not take one for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
