"""Collect the origin of values while a record is read."""

from __future__ import annotations

from harvester.model.service import Origin

Trace = dict[str, Origin]
"""Field path (``texts/fees/de``, ``links/0``) to origin."""


def origin(locator: str, rule: str) -> Origin:
    """Make an origin without validating again what the program itself wrote (a million a run)."""
    return Origin.model_construct(locator=locator, rule=rule)
