"""A report: the facts of a day or a run, as they are shown, told and kept as JSON."""

from __future__ import annotations

from typing import Any, Literal

from harvester.model.base import Model
from harvester.reports.need import Need
from harvester.reports.period import Period

SCHEMA_VERSION = 1


class Piece(Model):
    """A part of a text that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


class Change(Model):
    """What happened to a service in the period. ``field`` and ``words`` tell of one that changed what is different."""

    service: str
    title: str
    kind: Literal["created", "changed", "removed", "recategorised"]
    field: str = ""
    words: tuple[Piece, ...] = ()


class LinkChange(Model):
    """A link that broke or works again."""

    url: str
    kind: Literal["link_broken", "link_fixed"]
    at: str


class Part(Model):
    """How much of the catalogue belongs to a region or situation."""

    id: str
    name: str
    services: int
    linked: int = 0
    dead: int = 0


class PastRun(Model):
    """A run of a source's last thirty."""

    id: str
    at: str
    verdict: str
    services: int | None


class Health(Model):
    """A source and its last runs, the oldest first."""

    source: str
    title: str
    verdict: str
    reason: str
    last_complete_at: str
    services: int
    runs: tuple[PastRun, ...]


class Host(Model):
    """What was asked of a host in the period. ``seconds`` is the time that answers or runs took, both summed up."""

    host: str
    requests: int
    checks: int
    seconds: float
    megabytes: float


class Summary(Model):
    """The numbers of the first lines."""

    services: int = 0
    links: int = 0
    dead_links: int = 0
    sources: int = 0
    runs: int = 0
    complete: int = 0
    created: int = 0
    changed: int = 0
    removed: int = 0
    broken: int = 0
    fixed: int = 0
    false_alarms: str = ""


class Report(Model):
    """Everything. ``needs`` is what needs a person, the most urgent first; ``waiting`` what somebody has dealt with.

    ``changes_beyond`` counts the changes of the period that are too many for ``changes``; ``harvester diff`` tells them.
    """

    schema_version: int = SCHEMA_VERSION
    language: Literal["de", "en"]
    generated_at: str
    period: Period
    summary: Summary
    needs: tuple[Need, ...] = ()
    waiting: tuple[Need, ...] = ()
    changes: tuple[Change, ...] = ()
    changes_beyond: int = 0
    link_changes: tuple[LinkChange, ...] = ()
    regions: tuple[Part, ...] = ()
    situations: tuple[Part, ...] = ()
    health: tuple[Health, ...] = ()
    hosts: tuple[Host, ...] = ()


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report's JSON file."""
    schema = Report.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
