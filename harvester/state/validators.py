"""What servers said about the freshness of their documents (ETag, Last-Modified), for conditional requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from datetime import datetime

from sqlite_utils import Database

from harvester.fetch import Validator


class StateValidators:
    """The table ``validator`` behind the fetch road's ``ValidatorStore``."""

    def __init__(self, state: Database, clock: Callable[[], datetime]) -> None:
        """Use an open state."""
        self._state = state
        self._clock = clock

    def get(self, url: str) -> Validator | None:
        """What the last answer for this address said."""
        query = "SELECT etag, last_modified, sha256, size, media_type, charset, variant FROM validator WHERE url = ?"
        row = self._state.conn.execute(query, (url,)).fetchone()
        return Validator(*row) if row else None

    def put(self, url: str, validator: Validator) -> None:
        """Remember an answer."""
        self._state.conn.execute(
            "INSERT OR REPLACE INTO validator VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (url, *astuple(validator), self._clock().isoformat()),
        )
