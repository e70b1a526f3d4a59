"""Dienstleistungsdatenbank: from an export to services and authorities.

Appointment links of single locations (``locations[].appointment``) are no links of the service, not even where it has
none of its own: there are dozens, each for one office. Locations are named by number only and are not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from harvester.model import Context, Document, DocumentError, Reading, clean_line
from normalizers.dldb.authorities import Authorities
from normalizers.dldb.export import Export, read_export
from normalizers.dldb.service import read_service
from normalizers.loose_json import kind, text
from normalizers.notes import Notes

_ENVELOPE = frozenset({"created", "datacount", "locale", "hash", "error", "data", "meta"})


def normalize(document: Document, context: Context) -> Iterator[Reading]:
    """Read each service, and each authority where it is first named."""
    if document.role != "services":
        raise DocumentError(f"DLDB has no documents of the role {document.role!r}; there is only 'services'.")
    export = read_export(document)
    notes = Notes("dldb")
    notes.unknown("the export", export.envelope, _ENVELOPE, "")
    if export.declared is not None and export.declared != len(export.services):
        message = f"The export declares {export.declared} services and holds {len(export.services)}."
        notes.warning("count", "/data", message)
    yield from notes.take()
    authorities = Authorities(notes)
    seen: set[str] = set()
    for index, found in enumerate(export.services):
        yield from _read(found, f"/data/{index}", export, context, authorities, seen, notes)
        yield from notes.take()


def _read(
    found: object,
    place: str,
    export: Export,
    context: Context,
    authorities: Authorities,
    seen: set[str],
    notes: Notes,
) -> Iterator[Reading]:
    if not isinstance(found, dict):
        notes.error("service", place, f"There is {kind(found)} where a service belongs.")
        return
    remote_id = clean_line(text(found.get("id")))
    if not remote_id:
        notes.error("no-id", f"{place}/id", "The service has no identifier and was not read.")
    elif remote_id in seen:
        notes.error(
            "same-id", f"{place}/id", f"The identifier {remote_id!r} was used before; this one was not read.", remote_id
        )
    else:
        service = read_service(found, remote_id, place, export.locale or context.options.language, notes)
        if service:
            yield service
        yield from authorities.read(found.get("authorities"), place)
    seen.add(remote_id)
