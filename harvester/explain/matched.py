"""Evidence for keys that no source states: what matching says about a service, from the published catalogue."""

from __future__ import annotations

import json
import sqlite3

from harvester.explain.evidence import Evidence

FIELDS = ("leika_key", "leika_keys")
"""Names of the field that a person may ask for."""
_STATES = {"assigned": "vergeben", "review": "nur vorgeschlagen", "none": "keiner"}


def matched_keys(catalogue: sqlite3.Connection, service_id: str) -> tuple[Evidence, ...]:
    """One piece of evidence per reason, the decision first; nothing for services with a key of their own."""
    if catalogue.execute("SELECT 1 FROM sqlite_master WHERE name = 'key_match'").fetchone() is None:
        return ()
    row = catalogue.execute(
        "SELECT decision, rule, leika_keys, digits, score, reason, evidence FROM key_match WHERE service_id = ?",
        (service_id,),
    ).fetchone()
    if row is None:
        return ()
    state, rule, keys, digits, score, reason, told = row
    value = f"{keys or '–'} ({_STATES[state]}, {digits} Stellen belegt, {score:.0%})"
    reasons = [one["told_de"] for one in json.loads(told)]
    return (
        Evidence("leika_keys", value, rule, reason=reason),
        *(Evidence("leika_keys", value, rule, reason=one) for one in reasons if one != reason),
    )
