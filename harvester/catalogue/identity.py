"""Identifiers of services in the catalogue: given once, kept for ever, the same in whatever order sources come in."""

from __future__ import annotations

import base64
import hashlib

from harvester.catalogue.gather import Gathered
from harvester.catalogue.rows import slug_of


def identify(gathered: Gathered) -> tuple[str, str]:
    """Identifier and slug of a service.

    A service that has one keeps it: of several members' the oldest counts. A new one is named after its first member, so
    that it does not depend on when or in which order sources were harvested.
    """
    members = gathered.rows[: len(gathered.cluster.members)]
    given = sorted((row["first_seen_at"], row["service_id"], row["slug"]) for row in members if row["service_id"])
    if given:
        return given[0][1], given[0][2]
    first = gathered.cluster.first
    digest = hashlib.blake2b(f"{first.source_id}\n{first.remote_id}".encode(), digest_size=8).digest()
    service_id = "s" + base64.b32encode(digest).decode().rstrip("=").lower()
    return service_id, slug_of(gathered.voices[0].record.title, service_id)
