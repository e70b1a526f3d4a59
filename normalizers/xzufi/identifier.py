"""Identifiers: XZuFi's ``id`` is unique only together with the editorial system that gave it (``schemeAgencyID``)."""

from __future__ import annotations

from normalizers.xzufi.element import Element, text_of

SERVICE = "LB"
ORGANISATION = "OE"
ONLINE_SERVICE = "OD"
COMPETENCE = "ZS"
SPECIALISATION = "LS"


def read_id(element: Element | None, kind: str) -> str:
    """Build the identifier of a record: ``L100002.LB.4711``, as PVOG writes it. Empty where the source gives none.

    Without an agency it is the plain number. Competences of offices and of online services are numbered apart, so
    theirs carry the scheme as well: ``L100002.ZS.ZustaendigkeitOnlinedienst.9001``.
    """
    if element is None or not (number := text_of(element)):
        return ""
    agency = (element.get("schemeAgencyID") or "").strip()
    scheme = (element.get("schemeID") or "").strip() if kind == COMPETENCE else ""
    if not agency:
        return f"{scheme}.{number}" if scheme else number
    return f"{agency}.{kind}.{scheme}.{number}" if scheme else f"{agency}.{kind}.{number}"
