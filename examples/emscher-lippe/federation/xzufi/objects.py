"""The other objects of a message: organisations, online services, competences, deletions."""

from __future__ import annotations

from federation.content import Organisation
from federation.leistung import Leistung, Onlinedienst
from federation.xzufi.tree import ARS_LIST, XSI, Dialect, Element


def add_organisation(d: Dialect, parent: Element, office: Organisation, ars: str) -> None:
    """`organisationseinheit` with name, address and functional contact."""
    unit = d.add(parent, "organisationseinheit")
    d.identifier(unit, "id", office.id, "Organisationseinheit")
    d.add(d.add(unit, "name"), "name", office.name, languageCode="de")
    address = d.add(unit, "anschrift")
    for tag, value in (("strasse", office.street), ("postleitzahl", office.zip), ("ort", office.city)):
        if value:
            d.add(address, tag, value)
    politics = d.add(address, "verwaltungspolitischeKodierung")
    d.code(politics, "bundesland", ars[:2], "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:bundesland")
    d.code(politics, "regionalschluessel", ars, ARS_LIST)
    for code, value in (("02", office.phone), ("08", office.mail)):
        if value:
            contact = d.add(unit, "kommunikation")
            d.code(contact, "kanal", code, "urn:de:xoev:codeliste:erreichbarkeit")
            d.add(contact, "kennung", value)
    if office.url:
        d.add(d.add(unit, "internetadresse", languageCode="de"), "uri", office.url)


def add_online_service(d: Dialect, parent: Element, online: Onlinedienst) -> None:
    """`onlinedienst`; link type 01 is the address of the service itself."""
    element = d.add(parent, "onlinedienst")
    element.set(f"{{{XSI}}}type", "xzufi:OnlinedienstErweitert")
    d.identifier(element, "id", online.id, "Onlinedienst")
    d.add(element, "bezeichnung", online.title, languageCode="de")
    link = d.add(element, "link", languageCode="de")
    d.code(link, "typ", "01", "urn:xoev-de:fim:codeliste:onlinedienstlinktyp")
    d.add(link, "link", online.url)
    d.add(link, "titel", online.title)
    d.code(element, "vertrauensniveau", online.trust, "urn:xoev-de:fim:codeliste:vertrauensniveau")


def add_competence(d: Dialect, parent: Element, service: Leistung, ars: str, superior: str, kind: str) -> None:
    """`zustaendigkeitTransferObjekt`: who serves what, where.

    `superior` is the id of an organisation or online service; `kind` says which it is (`Organisationseinheit`,
    `Onlinedienst`).
    """
    element = d.add(parent, "zustaendigkeitTransferObjekt")
    d.identifier(element, "uebergeordnetesObjektID", superior)
    competence = d.add(element, "zustaendigkeit")
    d.identifier(competence, "id", f"{service.id}-{superior}", f"Zustaendigkeit{kind}")
    d.identifier(competence, "leistungID", service.id)
    d.add(competence, "gebietID", ars, schemeID=ARS_LIST)
    if kind == "Organisationseinheit":
        d.code(competence, "rolle", "01", "urn:de:fim:codeliste:rolle", "Zuständige Stelle")


def add_deletion(d: Dialect, root: Element, kind: str, value: str) -> None:
    """`loesche` with the class of the object (`Leistung`, `Zustaendigkeit` …)."""
    d.identifier(d.add(root, "loesche", klasse=kind), "id", value)
