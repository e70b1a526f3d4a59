"""The spider of an interface: loaded late, for Scrapy comes with it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harvester.registry import Interface
    from spiders.base import HarvestSpider


def load_spider(interface: Interface) -> type[HarvestSpider]:
    """Import the spider class. It stands here and not with the interfaces, which spiders know themselves."""
    module, _, name = interface.spider.partition(":")
    spider: type[HarvestSpider] = getattr(import_module(module), name)
    return spider
