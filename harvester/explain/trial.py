"""Answer ``harvester try``: fetch one address and show what it gives, without storing it in the catalogue."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.text import Text

from harvester.errors import HarvesterError, UsageError
from harvester.explain.bytes_at import find_origin, join_locators, show_bytes
from harvester.explain.evidence import Evidence
from harvester.explain.values import values_of
from harvester.fetch import Ask, Fetcher, FetchError, SnapshotStore
from harvester.model import Context, Document, DocumentError, Found, Issue
from harvester.registry import Registry, Source
from harvester.workspace import Workspace


class TrialError(HarvesterError):
    """The address gave nothing that could be read."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one document gives: records with the evidence for each value, and issues."""

    url: str
    source_id: str
    role: str
    records: tuple[tuple[str, str, tuple[Evidence, ...]], ...]
    issues: tuple[Issue, ...]
    more: int

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        records = [{"kind": k, "remote_id": r, "values": [asdict(e) for e in values]} for k, r, values in self.records]
        told = {"url": self.url, "source": self.source_id, "role": self.role}
        return {**told, "records": records, "more": self.more, "issues": [asdict(i) for i in self.issues]}

    def show(self, console: Console) -> None:
        """Print it."""
        console.print(Text(f"{self.url} as „{self.role}“ of {self.source_id}", style="bold"), soft_wrap=True)
        for kind, remote_id, values in self.records:
            console.print(Text(f"\n{kind} {remote_id}", style="bold"))
            for evidence in values:
                evidence.show(console)
        if self.more:
            console.print(Text(f"\n… and {self.more} more records (--limit shows more)", style="dim"))
        for issue in self.issues:
            place = f" at {issue.locator}" if issue.locator else ""
            console.print(
                Text(f"{issue.severity} {issue.rule}{place}: {issue.message}", style="yellow"), soft_wrap=True
            )
        if not self.records:
            console.print(Text("no record", style="yellow"))


def try_address(
    workspace: Workspace, registry: Registry, url: str, *, source_id: str | None, role: str | None, limit: int
) -> Trial:
    """Fetch an address and read it as the source's interface would.

    Raises:
        UsageError: no source of the registry fits the address.
        TrialError: it could not be fetched or read.
    """
    source = registry.pick([source_id])[0] if source_id else _fitting(registry, url)
    told = role or source.spoken.role_of(url)
    with tempfile.TemporaryDirectory(prefix="harvester-try-") as scratch:
        document = replace(asyncio.run(_fetch(workspace, url, Path(scratch))), role=told)
        context = Context(source.id, source.level, source.region, source.endpoint, source.options)
        try:
            readings = list(source.spoken.load_normalizer()(document, context))
        except DocumentError as error:
            raise TrialError(f"{url} cannot be read as „{told}“ of {source.id}: {error}") from error
        found = [reading for reading in readings if isinstance(reading, Found)]
        records = tuple(
            (f.record.kind, f.record.remote_id, _evidence(f, document, source, Path(scratch)))
            for f in islice(found, limit)
        )
    issues = tuple(reading for reading in readings if isinstance(reading, Issue))
    return Trial(url, source.id, told, records, issues, len(found) - len(records))


def _fitting(registry: Registry, url: str) -> Source:
    """The source whose endpoint is nearest to the address: the longest common beginning on the same host."""
    host = urlsplit(url).netloc
    near = [s for s in registry.sources.values() if urlsplit(s.endpoint).netloc == host]
    if not near:
        raise UsageError(
            f"no source of the registry is at {host or url!r}; name the one to read it for with --source ID"
        )
    return max(near, key=lambda s: _common(s.endpoint, url))


def _common(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


async def _fetch(workspace: Workspace, url: str, scratch: Path) -> Document:
    settings = workspace.settings
    async with Fetcher(settings.fetch, settings.politeness, SnapshotStore(scratch)) as fetcher:
        try:
            fetched = (await fetcher.fetch(Ask(url))).require()
        except FetchError as error:
            raise TrialError(str(error)) from error
    if fetched.document is None:
        raise TrialError(f"{url} answered {fetched.status} without a document")
    return fetched.document


def _evidence(found: Found, document: Document, source: Source, scratch: Path) -> tuple[Evidence, ...]:
    store = SnapshotStore(scratch)
    told: list[Evidence] = []
    for path, value in values_of(found.record).items():
        origin = find_origin(found.record.provenance, path)
        evidence = Evidence(
            field=path,
            value=value,
            rule=origin.rule if origin else "source.default",
            source=source.id,
            url=document.url,
            fetched_at=document.fetched_at.isoformat(),
            snapshot=document.sha256,
            locator=join_locators(found.locator, origin.locator if origin else ""),
        )
        told.append(show_bytes(evidence, store, document, document.charset))
    return tuple(told)
