"""Every interface that crawls or pages can be recorded, and replayed without the server with the same result."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import vcr
from werkzeug import Response

from harvester.fetch import crawl
from harvester.model import Context, Document, Found
from harvester.registry import read_registry
from harvester.run.spider import load_spider
from tests.contracts.source import write
from tests.contracts.test_fim import entry
from tests.contracts.test_jsonapi import FIELDS, node
from tests.contracts.test_jsonapi import page as nodes
from tests.contracts.test_openpvog import EXPORT
from tests.fetch.road import make_fetcher
from tests.website.town import Town, page


def website(town: Town) -> None:
    town.sitemap("/leistungen/hund", "/leistungen/weg", "/leistungen/umzug")
    town.pages |= {"/leistungen/hund": page("Hund"), "/leistungen/umzug": page("Umzug")}
    write(town, "website", "/")


def linklist(town: Town) -> None:
    town.pages["/liste.csv"] = "Name;Adresse\nHund;https://x.example/\nUmzug;https://y.example/\n"
    write(town, "linklist", "/liste.csv", columns={"title": "Name", "apply": "Adresse"})


def fim(town: Town) -> None:
    body = {"items": [entry(1), entry(2)], "offset": 0, "limit": 200, "count": 2, "total_count": 2}
    town.pages["/api/v0/leistung-stammtexte"] = lambda _: Response(json.dumps(body), content_type="application/json")
    write(town, "fim", "/api/v0")


def openpvog(town: Town) -> None:
    town.pages["/api/public/v1/dash/open-pvog/055130000000/export"] = EXPORT
    write(town, "openpvog", "/api")


def jsonapi(town: Town) -> None:
    town.pages["/nodes"] = nodes(node(1), following="/nodes?page=2")
    town.pages["/nodes?page=2"] = nodes(node(2))
    write(town, "jsonapi", "/nodes", fields=FIELDS)


SITES = {"website": website, "linklist": linklist, "fim": fim, "openpvog": openpvog, "jsonapi": jsonapi}


def harvest(town: Town, folder: Path, cassette: Path, mode: str) -> list[str]:
    """Titles of the services that a crawl gives."""
    (source,) = read_registry(town.workspace.sources).sources.values()
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

    with vcr.use_cassette(str(cassette), record_mode=mode):
        asyncio.run(go())
    context = Context(source.id, source.level, source.region, source.endpoint, source.options)
    readings = [r for it in items if isinstance(it, Document) for r in source.spoken.load_normalizer()(it, context)]
    return [reading.record.title for reading in readings if isinstance(reading, Found)]


@pytest.mark.parametrize("name", SITES)
def test_a_recorded_harvest_is_replayed_without_the_server(town, tmp_path, name):
    SITES[name](town)
    recorded = harvest(town, tmp_path / "first", tmp_path / "cassette.yaml", "once")
    asked = len(town.asked)
    assert len(recorded) == 2
    assert harvest(town, tmp_path / "second", tmp_path / "cassette.yaml", "none") == recorded
    assert len(town.asked) == asked
