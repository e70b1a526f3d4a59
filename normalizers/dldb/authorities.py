"""The authorities (Behörden) that an export names beside its services."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.model import Found, Organisation, clean_line
from harvester.model.provenance import Trace, origin
from normalizers.address import clean_address
from normalizers.loose_json import Object, items, text
from normalizers.notes import Notes
from normalizers.record import make

_AUTHORITY = frozenset({"id", "name", "webinfo", "appointment_link"})


class Authorities:
    """Makes one record per authority, however many services name it. Those without a name stay mere identifiers."""

    def __init__(self, notes: Notes) -> None:
        """Begin with none."""
        self._notes = notes
        self._seen: set[str] = set()

    def read(self, value: object, base: str) -> Iterator[Found]:
        """Give the authorities of a service that were not met before."""
        for place, found in items(value, f"{base}/authorities"):
            if not isinstance(found, dict):
                continue
            self._notes.unknown("an authority", found, _AUTHORITY, place)
            remote_id = clean_line(text(found.get("id")))
            name = clean_line(text(found.get("name")))
            if not remote_id:
                self._notes.warning("authority", place, f"The authority {name!r} has no identifier and was not read.")
            elif name and remote_id not in self._seen:
                self._seen.add(remote_id)
                record = self._record(found, place, remote_id, name)
                if record:
                    yield record

    def _record(self, found: Object, place: str, remote_id: str, name: str) -> Found | None:
        trace: Trace = {"remote_id": origin("id", "dldb.authority-id"), "name": origin("name", "dldb.authority-name")}
        address = clean_address(text(found.get("webinfo")))
        if address.problem:
            self._notes.warning("address", f"{place}/webinfo", address.problem, remote_id)
        homepage = "" if address.template else address.url
        if homepage:
            trace["homepage"] = origin("webinfo", "dldb.authority-homepage")
        fields = {"remote_id": remote_id, "name": name, "homepage": homepage, "provenance": trace}
        return make(self._notes, Organisation, place, fields)


def authority_ids(value: object) -> tuple[str, ...]:
    """The identifiers of a service's authorities, each once."""
    ids = (clean_line(text(found.get("id") if isinstance(found, dict) else found)) for _, found in items(value, ""))
    return tuple(dict.fromkeys(remote_id for remote_id in ids if remote_id))
