"""Identifiers of services in the catalogue: given once, kept for ever, the same in whatever order sources come in."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from itertools import groupby

from harvester.catalogue.gather import Gathered
from harvester.catalogue.meeting import LIVE
from harvester.catalogue.rows import slug_of
from harvester.merge import Ref


class Names:
    """Gives each service of one build its identifier and slug.

    A service that has one keeps it: of several members' the oldest counts. Where two services have the same one, because
    they were one before, the one with the record that it was named after keeps it, else the one with a record that never had
    another, else the one with the smallest record. The other gets back what one of its records had before they were one.
    A new one is named after its first member, so that it does not depend on when or in which order sources were harvested.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        """Use the identities of the state; ``temp.chosen`` names the sources whose records count, ``temp.cluster_member`` clusters."""
        self._conn = conn
        self._before = _read_before(conn)
        self._winners = self._settle()
        self._any = conn.execute("SELECT 1 FROM identity LIMIT 1").fetchone() is not None
        self._returned: set[str] = set()

    def name(self, gathered: Gathered) -> tuple[str, str]:
        """Identifier and slug of a service."""
        first = gathered.cluster.first
        members = gathered.rows[: len(gathered.cluster.members)]
        given = sorted((row["first_seen_at"], row["service_id"], row["slug"]) for row in members if row["service_id"])
        if given and self._winners.get(given[0][1], first) == first:
            return given[0][1], given[0][2]
        refs = {member.ref for member in gathered.cluster.members}
        if self._before:
            for row in sorted(members, key=lambda row: (row["first_seen_at"], row["source_id"], row["remote_id"])):
                for service_id, slug in self._before.get(Ref(row["source_id"], row["remote_id"]), ()):
                    if self._is_free(service_id, refs):
                        self._returned.add(service_id)
                        return service_id, slug
        service_id = self._new(first, refs)
        return service_id, slug_of(gathered.voices[0].record.title, service_id)

    def _settle(self) -> dict[str, Ref]:
        """Find, for each identifier that records of several services have, the first member of the one that keeps it."""
        rows = self._conn.execute(
            f"""
            SELECT i.service_id, i.source_id, i.remote_id,
                   coalesce(m.first_source, i.source_id), coalesce(m.first_remote, i.remote_id) FROM identity i
            JOIN temp.chosen c ON c.id = i.source_id
            JOIN record r ON r.source_id = i.source_id AND r.kind = 'service' AND r.remote_id = i.remote_id
            LEFT JOIN temp.cluster_member m ON m.source_id = i.source_id AND m.remote_id = i.remote_id
            WHERE r.status IN {LIVE} AND i.service_id IN
                (SELECT service_id FROM identity GROUP BY service_id HAVING count(*) > 1)
            ORDER BY i.service_id
            """
        )
        settled: dict[str, Ref] = {}
        for service_id, having in groupby(rows, key=lambda row: str(row[0])):
            claims = [(Ref(row[1], row[2]), Ref(row[3], row[4])) for row in having]
            services = {service for _, service in claims}
            if len(services) > 1:
                founders = [
                    (_derive(ref) != service_id, service)
                    for ref, service in claims
                    if _derive(ref) == service_id or ref not in self._before
                ]
                settled[service_id] = min(founders)[1] if founders else min(services)
        return settled

    def _is_free(self, service_id: str, members: set[Ref]) -> bool:
        """Tell whether no other record is published under an identifier, nor gets it back in this build."""
        if service_id in self._returned:
            return False
        if not self._any:
            return True  # nothing was published so far: no need to ask for each of a first harvest's services
        query = "SELECT source_id, remote_id FROM identity WHERE service_id = ?"
        return all(Ref(*row) in members for row in self._conn.execute(query, (service_id,)))

    def _new(self, first: Ref, members: set[Ref]) -> str:
        """Derive an identifier that no other record has been published under."""
        attempt = 1
        while True:
            service_id = _derive(first, attempt)
            if self._is_free(service_id, members) and self._was_nobodys(service_id, members):
                return service_id
            attempt += 1

    def _was_nobodys(self, service_id: str, members: set[Ref]) -> bool:
        """Tell whether no other record had an identifier before, which might want it back."""
        query = "SELECT source_id, remote_id FROM identity_before WHERE service_id = ?"
        return not self._before or all(Ref(*row) in members for row in self._conn.execute(query, (service_id,)))


def _read_before(conn: sqlite3.Connection) -> dict[Ref, list[tuple[str, str]]]:
    """Identifiers and slugs that records had before they were merged, by record; few records ever had another."""
    found: dict[Ref, list[tuple[str, str]]] = {}
    for source_id, remote_id, service_id, slug in conn.execute(
        "SELECT source_id, remote_id, service_id, slug FROM identity_before ORDER BY 1, 2, 3"
    ):
        found.setdefault(Ref(source_id, remote_id), []).append((service_id, slug))
    return found


def _derive(first: Ref, attempt: int = 1) -> str:
    told = f"{first.source_id}\n{first.remote_id}" + (f"\n{attempt}" if attempt > 1 else "")
    digest = hashlib.blake2b(told.encode(), digest_size=8).digest()
    return "s" + base64.b32encode(digest).decode().rstrip("=").lower()
