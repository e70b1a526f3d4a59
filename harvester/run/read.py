"""Read what a crawl brought: documents into a shard, by the interface's normalizer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from harvester.collector import paused_collector
from harvester.model import CLEANING, Ars, Context, Document, DocumentError, Found, Issue, Reading, Service
from harvester.registry import Source
from harvester.run.learn import FIELDS
from harvester.state import Packed, Packer, Shard, Tally

_BATCH = 500
_MAX_ISSUES = 1000
"""Issues kept per document besides the errors that name a record: those protect it, the others only tell of themselves."""


@dataclass(frozen=True, slots=True)
class Read:
    """What all documents of a run gave. ``broken`` are the documents that could not be read at all."""

    tally: Tally
    reused: int
    broken: tuple[str, ...]

    @property
    def fill(self) -> dict[str, float]:
        """Share of services that have each expected field."""
        services = self.tally.services
        return {name: count / services for name, count in self.tally.filled.items()} if services else {}


def watched(source: Source) -> list[str]:
    """Fields whose share of services is counted: those promised, those that show drift, and those always watched."""
    return sorted({*FIELDS, *source.spoken.drift, *source.expectations.fields})


def reader_of(source: Source) -> str:
    """Name the way a document is read: a document read another way must be read again."""
    fields = watched(source)
    told = f"{source.endpoint} {source.level} {source.region} {source.options.reading()} {fields}"
    digest = hashlib.blake2b(told.encode(), digest_size=6).hexdigest()
    return f"{source.interface}/{source.spoken.version}.{CLEANING}/{digest}"


def read_documents(
    source: Source,
    documents: Iterable[Document],
    shard: Shard,
    known_as: Callable[[Document, str], Tally | None],
    *,
    delta: bool,
    on_records: Callable[[int], None] = lambda _: None,
) -> Read:
    """Normalize documents into the shard; those whose records the state has already (``known_as``) are only noted.

    In an event log (``delta``) a later record replaces an earlier one, so that everything after the first new document
    is read again; elsewhere the second of two is an issue. ``on_records`` is told how many more records were read.
    """
    normalize = source.spoken.load_normalizer()
    context = Context(source.id, source.level, source.region, source.endpoint, source.options)
    reader, desk = reader_of(source), _Desk(shard, Packer(), watched(source), source.region, on_records)
    total, reused = Tally(filled=dict.fromkeys(watched(source), 0)), 0
    broken: list[str] = []
    fresh = False
    for position, document in enumerate(documents):
        known = None if delta and fresh else known_as(document, reader)
        if known:
            tally = known
            reused += 1
            on_records(tally.services)
        else:
            fresh = True
            try:
                with paused_collector():
                    tally = _read(normalize(document, context), position, desk, delta=delta)
            except DocumentError as error:
                broken.append(f"{document.url}: {error}")
                continue
        shard.add_document(position, document, reader, tally, reused=known is not None)
        total = _add(total, tally)
    return Read(total, reused, tuple(broken))


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where records of a source go, and what is watched of them."""

    shard: Shard
    packer: Packer
    fields: Sequence[str]
    home: Ars
    on_records: Callable[[int], None]


def _read(readings: Iterator[Reading], position: int, desk: _Desk, *, delta: bool) -> Tally:
    shard, packer, home = desk.shard, desk.packer, desk.home
    services = errors = unnamed = warnings = kept = 0
    filled = dict.fromkeys(desk.fields, 0)
    unreadable: set[str] = set()
    while batch := list(islice(readings, _BATCH)):
        records: list[tuple[Packed, str]] = []
        issues: list[Issue] = []
        for reading in batch:
            if isinstance(reading, Found):
                records.append((packer.pack(reading.record, home), reading.locator))
                if isinstance(reading.record, Service):
                    services += 1
                    for name in desk.fields:
                        filled[name] += has_field(reading.record, name)
            else:
                issues.append(reading)
        desk.on_records(len(records))
        issues += [_twice(*placed) for placed in shard.add_records(position, records, latest=delta)]
        wrong = [issue for issue in issues if issue.severity == "error"]
        named = {issue.remote_id for issue in wrong if issue.remote_id}
        errors += len(wrong)
        unnamed += sum(not issue.remote_id for issue in wrong)
        warnings += sum(issue.severity == "warning" for issue in issues)
        unreadable |= named
        others = [issue for issue in issues if issue.severity != "error" or not issue.remote_id]
        shard.add_issues(position, [issue for issue in wrong if issue.remote_id])
        shard.add_issues(position, others[: max(_MAX_ISSUES - kept, 0)])
        kept += len(others)
    unread = unnamed + sum(not shard.holds_service(remote_id) for remote_id in unreadable)
    return Tally(services, errors, unread, unnamed, warnings, filled)


def has_field(service: Service, name: str) -> bool:
    """Tell whether a service has a field that expectations may name: a field of the model, or a text module."""
    if name == "leika_key":
        return bool(service.leika_keys)
    if name in Service.model_fields:
        return bool(getattr(service, name))
    return any(text.module == name for text in service.texts)


def _twice(remote_id: str, locator: str) -> Issue:
    message = f"The id {remote_id} stands twice; the first one counts."
    return Issue("warning", "source.duplicate-id", locator, message, remote_id)


def _add(a: Tally, b: Tally) -> Tally:
    return Tally(
        a.services + b.services,
        a.errors + b.errors,
        a.unread + b.unread,
        a.unnamed + b.unnamed,
        a.warnings + b.warnings,
        {name: count + b.filled.get(name, 0) for name, count in a.filled.items()},
    )
