"""Read what a crawl brought: documents into a shard, by the interface's normalizer."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from sqlite_utils import Database

from harvester.model import Context, Document, DocumentError, Found, Issue, Reading, Service
from harvester.registry import Source
from harvester.state import Packed, Packer, Shard, Tally

_BATCH = 500
_MAX_ISSUES = 1000
"""Issues kept per document; a source that breaks every record would fill the disk with the same sentence."""


@dataclass(frozen=True, slots=True)
class Read:
    """What all documents of a run gave.

    ``broken`` are the documents that could not be read at all; ``filled`` counts, per field the source expects, how many of
    the ``fresh`` services (those not reused) have it.
    """

    tally: Tally
    reused: int
    broken: tuple[str, ...]
    filled: Mapping[str, int]
    fresh: int

    @property
    def fill(self) -> dict[str, float]:
        """Share of freshly read services that have each expected field."""
        return {name: self.filled[name] / self.fresh for name in self.filled} if self.fresh else {}


def reader_of(source: Source) -> str:
    """Name the way a document is read: a document read another way must be read again."""
    told = f"{source.endpoint} {source.level} {source.region} {source.options!r}"
    return f"{source.interface}/{source.spoken.version}/{hashlib.blake2b(told.encode(), digest_size=6).hexdigest()}"


def read_documents(source: Source, documents: Iterable[Document], shard: Shard, state: Database, *, delta: bool) -> Read:
    """Normalize documents into the shard; those whose records the state has already are only noted.

    In an event log (``delta``) a later record replaces an earlier one; elsewhere the second of two is an issue.
    """
    normalize = source.spoken.load_normalizer()
    context = Context(source.id, source.level, source.region, source.endpoint, source.options)
    reader, packer = reader_of(source), Packer()
    total, reused, broken, fresh = Tally(), 0, [], 0
    filled: Counter[str] = Counter(dict.fromkeys(source.expectations.fields, 0))
    for position, document in enumerate(documents):
        known = _known(state, source.id, document, reader)
        if known:
            tally = known
            reused += 1
        else:
            try:
                tally = _read(normalize(document, context), position, shard, packer, source, filled, delta=delta)
                fresh += tally.services
            except DocumentError as error:
                broken.append(f"{document.url}: {error}")
                continue
        shard.add_document(position, document, reader, tally, reused=known is not None)
        total = _add(total, tally)
    return Read(total, reused, tuple(broken), filled, fresh)


def _read(
    readings: Iterator[Reading],
    position: int,
    shard: Shard,
    packer: Packer,
    source: Source,
    filled: Counter[str],
    *,
    delta: bool,
) -> Tally:
    services = errors = unnamed = warnings = kept = 0
    while batch := list(islice(readings, _BATCH)):
        records: list[tuple[Packed, str]] = []
        issues: list[Issue] = []
        for reading in batch:
            if isinstance(reading, Found):
                records.append((packer.pack(reading.record, source.region), reading.locator))
                if isinstance(reading.record, Service):
                    services += 1
                    filled.update(name for name in filled if has_field(reading.record, name))
            else:
                issues.append(reading)
        twice = shard.add_records(position, records, latest=delta)
        issues += [_twice(remote_id) for remote_id in twice]
        errors += sum(issue.severity == "error" for issue in issues)
        unnamed += sum(issue.severity == "error" and not issue.remote_id for issue in issues)
        warnings += sum(issue.severity == "warning" for issue in issues)
        shard.add_issues(position, issues[: max(_MAX_ISSUES - kept, 0)])
        kept += len(issues)
    return Tally(services, errors, unnamed, warnings)


def has_field(service: Service, name: str) -> bool:
    """Tell whether a service has a field that expectations may name: a field of the model, or a text module."""
    if name == "leika_key":
        return bool(service.leika_keys)
    if name in Service.model_fields:
        return bool(getattr(service, name))
    return any(text.module == name for text in service.texts)


def _twice(remote_id: str) -> Issue:
    return Issue("warning", "source.duplicate-id", "", f"the id {remote_id} stands twice; the first one counts", remote_id)


def _known(state: Database, source_id: str, document: Document, reader: str) -> Tally | None:
    row = state.execute(
        "SELECT services, errors, unnamed, warnings FROM document"
        " WHERE source_id = ? AND url = ? AND sha256 = ? AND role = ? AND note = ? AND reader = ?",
        (source_id, document.url, document.sha256, document.role, document.note, reader),
    ).fetchone()
    return Tally(*row) if row else None


def _add(a: Tally, b: Tally) -> Tally:
    return replace(
        a,
        services=a.services + b.services,
        errors=a.errors + b.errors,
        unnamed=a.unnamed + b.unnamed,
        warnings=a.warnings + b.warnings,
    )
