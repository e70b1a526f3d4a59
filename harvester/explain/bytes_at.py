"""Look at the bytes behind a record's value, in the snapshot store."""

from __future__ import annotations

from dataclasses import replace

from harvester.explain.evidence import Evidence
from harvester.explain.excerpt import excerpt
from harvester.explain.locator import LocatorError
from harvester.fetch import SnapshotBrokenError, SnapshotStore
from harvester.model import Document, Origin


def find_origin(provenance: dict[str, Origin], path: str) -> Origin | None:
    """The origin of a field path, or of the nearest path above it."""
    while path:
        if path in provenance:
            return provenance[path]
        path = path.rpartition("/")[0]
    return None


def join_locators(record: str, value: str) -> str:
    """The place of a value in its document: the record's place, then the value's own."""
    if not record or not value:
        return record or value
    return record + value if value.startswith(("/", "!")) else f"{record}/{value}"


def show_bytes(evidence: Evidence, store: SnapshotStore, document: Document | None, charset: str | None) -> Evidence:
    """Add the bytes at the evidence's locator; where they cannot be had, say why."""
    if document is None and not store.has(evidence.snapshot):
        return replace(evidence, problem="the snapshot is no longer kept")
    try:
        with document.open() if document else store.open(evidence.snapshot) as stream:
            found = excerpt(stream, evidence.locator, charset=charset)
    except (LocatorError, SnapshotBrokenError) as error:
        return replace(evidence, problem=str(error))
    return replace(
        evidence,
        start=found.start,
        end=found.end,
        before=found.before.decode("utf-8", "replace"),
        raw=found.value.decode("utf-8", "replace"),
        after=found.after.decode("utf-8", "replace"),
    )
