"""Identifiers of services in the catalogue: given once, kept for ever, the same in whatever order sources come in."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Iterable

from harvester.catalogue.gather import LIVE, Gathered
from harvester.catalogue.rows import slug_of
from harvester.merge import Cluster, Ref


class Names:
    """Gives each service of one build its identifier and slug.

    A service that has one keeps it: of several members' the oldest counts. Where two services have the same one, because
    they were one before, the one with the record that it was named after keeps it, else the one with the smallest record.
    A new one is named after its first member, so that it does not depend on when or in which order sources were harvested.
    """

    def __init__(self, conn: sqlite3.Connection, clusters: Iterable[Cluster]) -> None:
        """Use the identities of the state; ``temp.chosen`` names the sources whose records count."""
        self._conn = conn
        self._winners = self._settle(clusters)

    def name(self, gathered: Gathered) -> tuple[str, str]:
        """Identifier and slug of a service."""
        first = gathered.cluster.first
        members = gathered.rows[: len(gathered.cluster.members)]
        given = sorted((row["first_seen_at"], row["service_id"], row["slug"]) for row in members if row["service_id"])
        if given and self._winners.get(given[0][1], first) == first:
            return given[0][1], given[0][2]
        service_id = self._new(first, {m.ref for m in gathered.cluster.members})
        return service_id, slug_of(gathered.voices[0].record.title, service_id)

    def _settle(self, clusters: Iterable[Cluster]) -> dict[str, Ref]:
        """Find, for each identifier that records of several services have, the first member of the one that keeps it."""
        rows = self._conn.execute(
            f"""
            SELECT i.service_id, i.source_id, i.remote_id FROM identity i
            JOIN temp.chosen c ON c.id = i.source_id
            JOIN record r ON r.source_id = i.source_id AND r.kind = 'service' AND r.remote_id = i.remote_id
            WHERE r.status IN {LIVE} AND i.service_id IN
                (SELECT service_id FROM identity GROUP BY service_id HAVING count(*) > 1)
            """
        ).fetchall()
        service_of = {member.ref: found.first for found in clusters for member in found.members} if rows else {}
        claims: dict[str, set[Ref]] = {}
        founders: dict[str, Ref] = {}
        for service_id, source_id, remote_id in rows:
            ref = Ref(source_id, remote_id)
            claims.setdefault(service_id, set()).add(service_of.get(ref, ref))
            if _derive(ref) == service_id:
                founders[service_id] = service_of.get(ref, ref)
        return {name: founders.get(name, min(services)) for name, services in claims.items() if len(services) > 1}

    def _new(self, first: Ref, members: set[Ref]) -> str:
        """Derive an identifier that no other record has been published under."""
        attempt = 1
        while True:
            service_id = _derive(first, attempt)
            query = "SELECT source_id, remote_id FROM identity WHERE service_id = ?"
            if all(Ref(*row) in members for row in self._conn.execute(query, (service_id,))):
                return service_id
            attempt += 1


def _derive(first: Ref, attempt: int = 1) -> str:
    told = f"{first.source_id}\n{first.remote_id}" + (f"\n{attempt}" if attempt > 1 else "")
    digest = hashlib.blake2b(told.encode(), digest_size=8).digest()
    return "s" + base64.b32encode(digest).decode().rstrip("=").lower()
