"""``loesche``: a source says that a record is gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from harvester.model import Deletion
from normalizers.notes import Notes
from normalizers.xzufi import identifier
from normalizers.xzufi.element import Element, child_of
from normalizers.xzufi.identifier import read_id
from normalizers.xzufi.origins import place
from normalizers.xzufi.tally import Tally

_Kind: TypeAlias = Literal["service", "online_service", "organisation", "competence", "specialisation"]
_CLASSES: dict[str, tuple[_Kind, str]] = {
    "leistung": ("service", identifier.SERVICE),
    "organisationseinheit": ("organisation", identifier.ORGANISATION),
    "onlinedienst": ("online_service", identifier.ONLINE_SERVICE),
    "zustaendigkeit": ("competence", identifier.COMPETENCE),
    "leistungspezialisierung": ("specialisation", identifier.SPECIALISATION),
}


def read_deletion(element: Element, record: str, notes: Notes, tally: Tally) -> Iterator[Deletion]:
    """Read one deletion; none of a class that the common model has no record for."""
    name = (element.get("klasse") or "").strip()
    known = _CLASSES.get(name.lower())
    if known is None:
        message = f"Deletions of the class {name!r} are not known and were not read"
        tally.count("xzufi.unknown-deletion", name, record, message)
        return
    remote_id = read_id(child_of(element, "id"), known[1])
    if not remote_id:
        notes.error("no-id", record, f"The deletion ({name}) names no identifier; it was left out.")
        return
    provenance = {"remote_id": place("id", "xzufi.id"), "deleted": place("@klasse", "xzufi.deleted")}
    yield Deletion(remote_id=remote_id, deleted=known[0], provenance=provenance)
