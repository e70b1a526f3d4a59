"""``zustaendigkeit``: who answers for a service in a region, or which online service serves it there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from harvester.model import Ars, Competence, Origin
from normalizers.notes import Notes
from normalizers.xzufi.element import XSI_TYPE, Element, child_of, children, code_of, name_of
from normalizers.xzufi.identifier import COMPETENCE, ONLINE_SERVICE, ORGANISATION, SERVICE, read_id
from normalizers.xzufi.origins import place
from normalizers.xzufi.region import region_of
from normalizers.xzufi.tally import Tally

# Role 02 is Ansprechpunkt, where a code comes without its name.
_CONTACT = "02"


@dataclass(frozen=True, slots=True)
class Owner:
    """The office or online service that competences belong to, and where its identifier stands in the record."""

    kind: Literal["organisation", "online_service"]
    remote_id: str
    locator: str


def read_transfer(element: Element, record: str, notes: Notes, tally: Tally) -> Iterator[Competence]:
    """Read ``zustaendigkeitTransferObjekt``: competences, and the office or online service they belong to.

    Which of the two ``uebergeordnetesObjektID`` means, the scheme of the competence's own identifier tells. Competences
    of forms have no place in the common model; they are counted.
    """
    parent = child_of(element, "uebergeordnetesObjektID")
    for name, number, child in children(element):
        if name != "zustaendigkeit":
            continue
        locator = f"{record}/{name}[{number}]"
        match _kind(child):
            case "organisationseinheit":
                owner = Owner("organisation", read_id(parent, ORGANISATION), "uebergeordnetesObjektID")
            case "onlinedienst":
                owner = Owner("online_service", read_id(parent, ONLINE_SERVICE), "uebergeordnetesObjektID")
            case "formular":
                tally.count("xzufi.form-competence", "", locator, "Competences of forms were not taken over")
                continue
            case _:
                message = "The competence does not tell whether it is of an office or of an online service;"
                _leave_out(notes, "unknown-competence", locator, message, child)
                continue
        if owner.remote_id:
            yield from _read(child, f"{name}[{number}]", record, notes, owner)
        else:
            _leave_out(notes, "no-owner", locator, "The competence has no owner (uebergeordnetesObjektID);", child)


def read_embedded(element: Element, record: str, notes: Notes, owner: Owner) -> Iterator[Competence]:
    """Read the competences that stand inside an office or online service itself."""
    for name, number, child in children(element):
        if name == "zustaendigkeit":
            yield from _read(child, f"{name}[{number}]", record, notes, owner)


def _kind(element: Element) -> str:
    """What a competence is of, in lower case: ``organisationseinheit``, ``onlinedienst`` or ``formular``."""
    own = child_of(element, "id")
    scheme = "" if own is None else (own.get("schemeID") or "")
    kind = scheme or (element.get(XSI_TYPE) or "").rpartition(":")[2]
    return kind.lower().removeprefix("zustaendigkeit")


def _leave_out(notes: Notes, rule: str, locator: str, message: str, element: Element) -> None:
    notes.error(rule, locator, f"{message} it was left out.", read_id(child_of(element, "id"), COMPETENCE))


def _read(element: Element, step: str, record: str, notes: Notes, owner: Owner) -> Iterator[Competence]:
    """Read one competence. An office that lists its own need not number them: then owner and service name it."""
    provenance: dict[str, Origin] = {owner.kind: place(owner.locator, "xzufi.owner")}
    remote_id, service = read_id(child_of(element, "id"), COMPETENCE), ""
    regions: dict[Ars, str] = {}
    role: Literal["responsible", "contact"] = "responsible"
    for name, number, child in children(element):
        locator = f"{step}/{name}[{number}]"
        match name:
            case "leistungID" if service:
                message = "The competence names more than one service; only the first was read."
                notes.warning("second-service", f"{record}/{locator}", message, remote_id)
            case "leistungID":
                service = read_id(child, SERVICE)
                provenance["service"] = place(locator, "xzufi.service")
            case "gebietID" | "gebietId":
                ars, problem = region_of(child)
                if problem:
                    notes.warning("bad-region", f"{record}/{locator}", problem, remote_id)
                elif ars is not None:
                    regions.setdefault(ars, locator)
            case "rolle":
                role = _role(child)
                provenance["role"] = place(locator, "xzufi.role")
    if not service:
        _leave_out(notes, "no-service", f"{record}/{step}", "The competence names no service;", element)
        return
    own = place(f"{step}/id", "xzufi.id") if remote_id else place(step, "xzufi.id-from-owner")
    provenance["remote_id"] = own
    for number, locator in enumerate(regions.values()):
        provenance[f"regions/{number}" if number else "regions"] = place(locator, "xzufi.region")
    yield Competence(
        remote_id=remote_id or f"{owner.remote_id}.{COMPETENCE}.{service}",
        service=service,
        organisation=owner.remote_id if owner.kind == "organisation" else None,
        online_service=owner.remote_id if owner.kind == "online_service" else None,
        regions=tuple(regions),
        role=role,
        provenance=provenance,
    )


def _role(element: Element) -> Literal["responsible", "contact"]:
    """``rolle``: an Ansprechpunkt is a contact; whoever is both, or says nothing, is responsible."""
    name = name_of(element).lower()
    if name:
        return "contact" if "ansprech" in name and "zuständig" not in name else "responsible"
    return "contact" if code_of(element) == _CONTACT else "responsible"
