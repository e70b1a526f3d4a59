"""The one HTTP road: every byte from outside comes in here, politely, within limits, and is kept.

``Fetcher.fetch(Ask(url))`` fetches one thing; ``crawl`` lets a Scrapy spider fetch a whole source over the same road.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from harvester.fetch.ask import Ask, Fetched, Hop
from harvester.fetch.budget import HostBudget, Pace
from harvester.fetch.client import Fetcher
from harvester.fetch.clock import Clock
from harvester.fetch.errors import FetchError
from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.fetch.snapshots import SnapshotBrokenError, SnapshotStore
from harvester.fetch.validators import MemoryValidators, Validator, ValidatorStore

if TYPE_CHECKING:
    from harvester.fetch.crawler import CrawlEnd, crawl

__all__ = [
    "Ask",
    "Clock",
    "CrawlEnd",
    "FetchError",
    "FetchSettings",
    "Fetched",
    "Fetcher",
    "Hop",
    "HostBudget",
    "MemoryValidators",
    "Pace",
    "PolitenessSettings",
    "SnapshotBrokenError",
    "SnapshotStore",
    "Validator",
    "ValidatorStore",
    "crawl",
]


def __getattr__(name: str) -> object:
    """Load Scrapy only for those who crawl: a checker or a report must not wait a second for it."""
    if name in {"CrawlEnd", "crawl"}:
        found: object = getattr(import_module("harvester.fetch.crawler"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
