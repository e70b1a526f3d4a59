"""Write what is known of links into a catalogue."""

from __future__ import annotations

import sqlite3

from harvester.links.lists import read_facts
from harvester.links.suggest import Substitutes, suggest_repairs

_UPDATE = (
    "UPDATE link SET state = ?, outcome = ?, code = ?, http_status = ?, final_url = ?, since = ?, last_checked_at = ?,"
    " last_ok_at = ?, failures = ?, suggestion = ? WHERE url = ?"
)


def write_states(
    state: sqlite3.Connection, catalogue: sqlite3.Connection, substitutes: Substitutes | None = None
) -> int:
    """Write state, outcome and suggestion of all links into a catalogue that is being built; returns how many links it has."""
    # States first: a substitute is looked for among what is alive now.
    written = catalogue.executemany(_UPDATE, ((*fact[1:], None, fact.text) for fact in read_facts(state))).rowcount
    best: dict[str, str] = {}
    for proposal in suggest_repairs(state, substitutes):
        best.setdefault(proposal.url, proposal.target)
    spellings = "SELECT t.text FROM link_text t JOIN link l ON l.id = t.link_id WHERE l.url = ?"
    catalogue.executemany(
        "UPDATE link SET suggestion = ? WHERE url = ?",
        ((target, row[0]) for url, target in best.items() for row in state.execute(spellings, (url,))),
    )
    return written
