"""Crawl and read a source without a state: what its spider brings and its normalizer makes of it."""

import asyncio
from pathlib import Path
from typing import Any

from harvester.fetch import crawl
from harvester.model import Context, Document, DocumentError, Found, Issue, Lost, Service
from harvester.registry import Source
from harvester.run.spider import load_spider
from tests.fetch.road import make_fetcher


def collect(source: Source, folder: Path) -> list[Any]:
    """What the spider yields."""
    items: list[Any] = []

    async def go() -> None:
        async with make_fetcher(folder) as fetcher:
            await crawl(
                load_spider(source.spoken),
                source=source,
                cursor=None,
                fetcher=fetcher,
                on_item=items.append,
                robots=source.spoken.robots,
            )

    asyncio.run(go())
    return items


def read(source: Source, items: list[Any]) -> tuple[list[str], set[tuple[str, str]]]:
    """Titles of the services, and what is said about them: issues by severity and rule, and what could not be read."""
    context = Context(source.id, source.level, source.region, source.endpoint, source.options)
    titles: list[str] = []
    told = {("lost", item.reason) for item in items if isinstance(item, Lost)}
    for item in items:
        if not isinstance(item, Document):
            continue
        try:
            for reading in source.spoken.load_normalizer()(item, context):
                if isinstance(reading, Issue):
                    told.add((reading.severity, reading.rule))
                elif isinstance(reading, Found) and isinstance(reading.record, Service):
                    titles.append(reading.record.title)
        except DocumentError as error:
            told.add(("broken", str(error)))
    return titles, told
