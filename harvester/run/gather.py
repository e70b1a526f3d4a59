"""Gather what a source has: crawl it and read its documents into a shard. Needs no state, so it can be done anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from harvester import fetch
from harvester.model import Coverage, Cursor, Document, Lost
from harvester.registry import Source
from harvester.run.progress import Meter, Stage
from harvester.run.read import Read, read_documents
from harvester.run.spider import load_spider
from harvester.state import Shard, Tally

Known: TypeAlias = Callable[[Document, str], Tally | None]
"""What a document gave when it was read before, in this way of reading; None where its records are not in the state."""


@dataclass
class Haul:
    """What the spider has yielded so far."""

    meter: Meter
    documents: list[Document] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    coverage: Coverage | None = None
    cursor: str | None = None

    def take(self, item: object) -> None:
        """Take what a spider yields."""
        match item:
            case Document():
                self.documents.append(item)
                self.meter.count_document()
            case Lost():
                self.lost.append(item)
            case Coverage():
                self.coverage = item
            case Cursor(value):
                self.cursor = value
            case _:
                message = f"a spider yielded a {type(item).__name__}, which nobody here knows"
                raise TypeError(message)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a crawl brought and what its documents gave; the records are in the shard."""

    documents: tuple[Document, ...]
    lost: tuple[Lost, ...]
    coverage: Coverage | None
    cursor: str | None
    read: Read
    end: fetch.CrawlEnd

    @property
    def delta(self) -> bool:
        """Whether it is an event log: what it does not mention is unchanged."""
        return self.coverage is not None and self.coverage.delta


async def gather(
    source: Source, *, cursor: str | None, known: Known, fetcher: fetch.Fetcher, shard_file: Path, meter: Meter
) -> Gathered:
    """Crawl a source from ``cursor`` on and read what came into a new shard. What goes wrong with the source is in the result."""
    meter.enter(Stage.FETCHING)
    haul = Haul(meter)
    end = await fetch.crawl(
        load_spider(source.spoken),
        source=source,
        cursor=cursor,
        fetcher=fetcher,
        on_item=haul.take,
        robots=source.spoken.robots,
    )
    meter.enter(Stage.READING)
    delta = haul.coverage is not None and haul.coverage.delta
    with Shard(shard_file) as shard:
        read = read_documents(source, haul.documents, shard, known, delta=delta, on_records=meter.count_records)
    return Gathered(tuple(haul.documents), tuple(haul.lost), haul.coverage, haul.cursor, read, end)
