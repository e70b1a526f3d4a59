"""Which element of a message is which record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from harvester.model import Record
from normalizers.notes import Notes
from normalizers.xzufi.competence import Owner, read_embedded, read_transfer
from normalizers.xzufi.deletion import read_deletion
from normalizers.xzufi.element import Element
from normalizers.xzufi.identifier import COMPETENCE, ONLINE_SERVICE, ORGANISATION, SERVICE, SPECIALISATION
from normalizers.xzufi.online_service import read_online_service
from normalizers.xzufi.organisation import read_organisation
from normalizers.xzufi.service import read_service
from normalizers.xzufi.tally import Tally


def _service(element: Element, locator: str, notes: Notes, tally: Tally) -> Iterator[Record]:
    service = read_service(element, locator, notes, tally)
    if service is not None:
        yield service


def _organisation(element: Element, locator: str, notes: Notes, _: Tally) -> Iterator[Record]:
    organisation = read_organisation(element, locator, notes)
    if organisation is not None:
        yield organisation
        yield from read_embedded(element, locator, notes, Owner("organisation", organisation.remote_id, "id"))


def _online_service(element: Element, locator: str, notes: Notes, tally: Tally) -> Iterator[Record]:
    service = read_online_service(element, locator, notes, tally)
    if service is not None:
        yield service
        yield from read_embedded(element, locator, notes, Owner("online_service", service.remote_id, "id"))


def _specialisation(_: Element, locator: str, __: Notes, tally: Tally) -> Iterator[Record]:
    """A specialisation adds a region's own texts to a service; it is no service of its own."""
    tally.count("xzufi.specialisation", "", locator, "Specialisations were not taken over")
    yield from ()


class Reader(NamedTuple):
    """How a record is read, and which part of identifiers tells its kind."""

    kind: str
    read: Callable[[Element, str, Notes, Tally], Iterator[Record]]


READERS = {
    "leistung": Reader(SERVICE, _service),
    "organisationseinheit": Reader(ORGANISATION, _organisation),
    "onlinedienst": Reader(ONLINE_SERVICE, _online_service),
    "zustaendigkeitTransferObjekt": Reader(COMPETENCE, read_transfer),
    "spezialisierung": Reader(SPECIALISATION, _specialisation),
    "loesche": Reader("", read_deletion),
}
"""The readers of records. ``loesche`` stands right below the root, the others in ``schreibe``."""
