"""The one HTTP road: every byte from outside comes in here, politely, within limits, and is kept.

``Fetcher.fetch(Ask(url))`` fetches one thing; ``crawl`` lets a Scrapy spider fetch a whole source over the same road.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from harvester.fetch.ask import Ask, Fetched, Hop
from harvester.fetch.budget import HostBudget, Pace
from harvester.fetch.clock import Clock
from harvester.fetch.errors import FetchError
from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.fetch.snapshots import SnapshotBrokenError, SnapshotStore
from harvester.fetch.validators import MemoryValidators, Validator, ValidatorStore

if TYPE_CHECKING:
    from harvester.fetch.client import Fetcher
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


_LATER = {"CrawlEnd": "crawler", "crawl": "crawler", "Fetcher": "client"}
"""What is loaded when it is asked for: a checker or a report must not wait a second for Scrapy or httpx."""


def __getattr__(name: str) -> object:
    """Load what is heavy only for those who use it."""
    if name in _LATER:
        found: object = getattr(import_module(f"harvester.fetch.{_LATER[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
