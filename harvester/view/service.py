"""Find one service by what people call it, and say what became of one that is gone."""

from __future__ import annotations

import sqlite3

from harvester.errors import UsageError


class UnknownServiceError(UsageError):
    """No service goes by that name."""


class WithdrawnServiceError(UsageError):
    """The service was there once: its last ``title``, and when it went (``at``, UTC ISO 8601)."""

    def __init__(self, message: str, title: str, at: str) -> None:
        """Say it to people; the rest is for pages."""
        super().__init__(message)
        self.title = title
        self.at = at


def find_service(db: sqlite3.Connection, named: str) -> str:
    """The identifier of a service, by identifier or slug.

    Raises:
        WithdrawnServiceError: it is no longer in the catalogue; the message says since when.
        UnknownServiceError: there never was one.
    """
    row = db.execute("SELECT id FROM service WHERE id = ?1 OR slug = ?1", (named,)).fetchone()
    if row:
        return str(row["id"])
    for service_id in (named, "s" + named.rpartition("-")[2]):  # a slug ends with the identifier
        event = db.execute(
            "SELECT seq, at, old FROM event WHERE entity = 'service' AND entity_id = ? AND kind = 'removed'"
            " ORDER BY seq DESC LIMIT 1",
            (service_id,),
        ).fetchone()
        if event:
            raise WithdrawnServiceError(
                f"{service_id} „{event['old']}“ was withdrawn on {event['at'][:10]} (event {event['seq']}):"
                " no source describes it any more; a portal should answer 410 Gone",
                event["old"] or "",
                event["at"],
            )
    raise UnknownServiceError(f"no service {named!r} in the catalogue; give its id or its slug")
