"""The envelope of a DLDB export: how many services it declares, and the list of them.

Berlin: ``{created, datacount, locale, hash, error, data[]}``. Munich: ``{data[], meta{generated, datacount, hash}}``.
"""

from __future__ import annotations

from dataclasses import dataclass

from harvester.model import Document, DocumentError
from normalizers.loose_json import Object, kind, load_object, text


@dataclass(frozen=True, slots=True)
class Export:
    """An export. ``declared`` is the number of services it says it has, None where it says nothing."""

    envelope: Object
    services: list[object]
    declared: int | None
    locale: str


def read_export(document: Document) -> Export:
    """Read the envelope; an error message in place of services is a ``DocumentError``."""
    found = load_object(document)
    if found.get("error"):
        raise DocumentError(f"The source reports an error of its own: {str(found['error'])[:200]!r}.")
    services = found.get("data")
    if not isinstance(services, list):
        raise DocumentError(f"'data' holds {kind(services)} where the list of services belongs.")
    meta = found.get("meta")
    inner = meta if isinstance(meta, dict) else {}
    count = text(found.get("datacount", inner.get("datacount"))).strip()
    declared = int(count) if count.isascii() and count.isdigit() and len(count) < 10 else None
    return Export(found, services, declared, text(found.get("locale", inner.get("locale"))))
