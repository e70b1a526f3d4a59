"""Addresses and identifiers (IRI) for what is exported."""

from __future__ import annotations

import re
import uuid
from urllib.parse import quote, urlsplit

from harvester.errors import UsageError

_OURS = uuid.UUID("6d0c2c39-2a0f-5d0e-9b8e-2f0f3f1f6a51")
"""The name space of our UUIDs (RFC 9562, version 5); changing it renames everything that was ever exported."""
_IRI_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|^`\\]")

REGIONAL_KEY = "http://dcat-ap.de/def/politicalGeocoding/regionalKey/"
"""DCAT-AP.de, controlled vocabularies: a region by its ARS."""
GERMANY = "http://publications.europa.eu/resource/authority/country/DEU"
"""Publications Office of the EU, authority table of countries."""
LEIKA = "urn:de:fim:leika:leistung:"
"""FIM: the catalogue of services, by key."""


class Naming:
    """Names for one export. ``page`` is the portal's address of a service, with ``{slug}`` or ``{id}`` in it."""

    def __init__(self, page: str | None) -> None:
        """Check the address.

        Raises:
            UsageError: it is no web address, or names no service.
        """
        if page is not None:
            filled = page.replace("{slug}", "x").replace("{id}", "x")
            if as_iri(filled) != filled or filled == page:
                raise UsageError(
                    f"--page {page!r}: the portal's address of a service, with {{slug}} or {{id}} in it,"
                    " such as https://portal.example/leistung/{slug}"
                )
        self._page = page

    def page(self, service_id: str, slug: str) -> str | None:
        """The portal's page of a service, if its address is known."""
        return self._page.replace("{slug}", slug).replace("{id}", service_id) if self._page else None

    def service(self, service_id: str, slug: str) -> str:
        """The name of a service: its page, else a UUID that is the same in every export."""
        return self.page(service_id, slug) or self.thing("service", service_id)

    @staticmethod
    def thing(kind: str, identifier: str) -> str:
        """The name of anything that has no address of its own."""
        return f"urn:uuid:{uuid.uuid5(_OURS, f'{kind}/{identifier}')}"

    @staticmethod
    def region(ars: str) -> str:
        """The name of a region."""
        return GERMANY if not ars.strip("0") else REGIONAL_KEY + ars


def as_iri(address: str) -> str | None:
    """A web address as an IRI, with what may not stand in one percent-encoded; None for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return _IRI_FORBIDDEN.sub(lambda found: quote(found[0]), address)
