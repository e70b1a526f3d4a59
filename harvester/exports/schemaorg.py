"""A service as schema.org GovernmentService (schema.org 29), for search engines and for the head of a portal's page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from harvester.exports.document import Office, ServiceDocument
from harvester.exports.naming import Naming, as_iri

_CHANNELS = ("apply", "form", "appointment", "information")


def write_schemaorg(
    services: Iterable[ServiceDocument], naming: Naming, regions: Mapping[str, str], file: TextIO
) -> int:
    """One JSON-LD document with a service a line in its graph; returns their number."""
    file.write('{"@context":"https://schema.org","@graph":[')
    separator, count = "\n", 0
    for service in services:
        file.write(separator + json.dumps(government_service(service, naming, regions), ensure_ascii=False))
        separator, count = ",\n", count + 1
    file.write("\n]}\n")
    return count


def government_service(s: ServiceDocument, naming: Naming, regions: Mapping[str, str]) -> dict[str, Any]:
    """The service; what the catalogue does not know is left out."""
    described = next((t.text for t in s.texts if t.module == "description" and t.language == s.language), None)
    offices = {c.organisation.id: c.organisation for c in s.competences if c.role == "responsible"}
    if s.organisation is not None:
        offices.setdefault(s.organisation.id, s.organisation)
    return _filled(
        {
            "@type": "GovernmentService",
            "@id": naming.service(s.id, s.slug),
            "url": naming.page(s.id, s.slug),
            "name": s.title,
            "alternateName": s.official_title if s.official_title != s.title else None,
            "description": s.summary or described,
            "inLanguage": s.language,
            "identifier": [
                {"@type": "PropertyValue", "propertyID": "LeiKa", "value": key.leika_key} for key in s.leika_keys
            ],
            "areaServed": [_area(region.ars, regions) for region in s.regions],
            "audience": [{"@type": "Audience", "audienceType": audience} for audience in s.audience],
            "category": [situation.name for situation in s.situations],
            "provider": {"@type": "GovernmentOrganization", "name": s.source.name or s.source.title},
            "serviceOperator": [_office(office, naming, regions) for office in offices.values()],
            "availableChannel": [
                _filled(
                    {
                        "@type": "ServiceChannel",
                        "name": link.label or None,
                        "serviceUrl": as_iri(link.button or ""),
                        "availableLanguage": link.language,
                        "providesService": _filled(
                            {"@type": "GovernmentService", "name": s.title, "areaServed": _area(link.ars, regions)}
                        )
                        if link.ars
                        else None,
                    }
                )
                for link in s.links
                if link.role in _CHANNELS and as_iri(link.button or "")
            ],
        }
    )


def _area(ars: str, regions: Mapping[str, str]) -> dict[str, Any]:
    return _filled(
        {
            "@type": "AdministrativeArea",
            "@id": Naming.region(ars),
            "name": regions.get(ars),
            "identifier": {"@type": "PropertyValue", "propertyID": "ARS", "value": ars},
        }
    )


def _office(office: Office, naming: Naming, regions: Mapping[str, str]) -> dict[str, Any]:
    return _filled(
        {
            "@type": "GovernmentOrganization",
            "@id": naming.thing("organisation", office.id),
            "name": office.name,
            "url": office.homepage,
            "telephone": office.phone,
            "email": office.email,
            "address": office.address,
            "areaServed": _area(office.region, regions) if office.region else None,
        }
    )


def _filled(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, [], "")}
