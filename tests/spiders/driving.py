"""Spiders driven by hand: sources, responses, and what a callback yields."""

import asyncio
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse

from harvester.registry.source import Source
from spiders.base import HarvestSpider
from tests.normalizers.reading import document


def source(interface: str, endpoint: str, **fields: Any) -> Source:
    return Source.model_validate(
        {
            "id": "musterstadt",
            "title": "Musterstadt",
            "level": "kommune",
            "region": "055130000000",
            "interface": interface,
            "endpoint": endpoint,
            "publisher": {"name": "Musterstadt"},
            **fields,
        }
    )


def started(spider: HarvestSpider) -> list[Any]:
    async def collect() -> list[Any]:
        return [request async for request in spider.start()]

    return asyncio.run(collect())


def answer(request: Request, body: bytes, *, shown: bytes | None = None) -> Response:
    """The answer to a request; ``shown`` is what Scrapy holds of it, where the fetch road spared the memory."""
    request.meta["document"] = document(body, "")
    return TextResponse(request.url, body=body if shown is None else shown, request=request)


def follow(request: Request, response: Response) -> list[Any]:
    return list(request.callback(response, **request.cb_kwargs))


def header(request: Request, name: str) -> str | None:
    value = request.headers.get(name)
    return value.decode() if value is not None else None
