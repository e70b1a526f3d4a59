"""What to do about hosts that bound the week. Each advice says what it would save."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harvester.plan.document import Advice, HostPlan, Kind, SourcePlan
from harvester.registry import Source

BUSY = 0.1
"""From this share of the time on a host is worth a thought."""
MANY = 500
"""From so many requests a run on, a bulk interface is worth a question to those who run the source."""
_WEEK = 7.0


def advise(
    known: Mapping[str, Source], sources: Sequence[SourcePlan], hosts: Sequence[HostPlan], days: float
) -> Iterator[Advice]:
    """What to change, for the busiest host first."""
    of = {source.id: source for source in sources}
    for host in hosts:
        if host.share > 1:
            yield Advice(kind="overload", domain=host.domain, seconds=host.source_seconds + host.link_seconds)
        for source in sorted((of[source_id] for source_id in host.sources), key=lambda one: (-one.seconds, one.id)):
            if (kind := _bulk(known[source.id], source)) is not None:
                yield Advice(
                    kind=kind, domain=host.domain, source=source.id, requests=source.requests, seconds=source.seconds
                )
            often = (source.runs + source.passed) * _WEEK / days
            if host.share > BUSY and often > 1.5 and source.seconds * often > BUSY * _WEEK * 86_400:
                yield Advice(
                    kind="weekly", domain=host.domain, source=source.id, seconds=round(source.seconds * (often - 1), 1)
                )
        if host.left:
            yield Advice(kind="links-left", domain=host.domain, requests=host.left)


def _bulk(source: Source, planned: SourcePlan) -> Kind | None:
    if planned.requests < MANY:
        return None
    match source.interface:
        case "pvog" if source.options.details or source.options.organisations:
            return "bulk-csv"
        case "fim" if source.options.documents:
            return "bulk-list"
        case "website" | "jsonapi":
            return "bulk-export"
    return None
