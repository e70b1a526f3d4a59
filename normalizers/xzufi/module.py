"""Text modules: which code means what in the common model.

Codes: ``urn:de:xzufi:codeliste:leistungstextmodulleika``, version 20240216. Approval, duration, deadlines and fees have
elements of their own.
"""

from __future__ import annotations

from typing import NamedTuple

from harvester.model import LinkRole, Module


class Slot(NamedTuple):
    """Where a text goes: module, beginning of its field path (the language follows), rule, role of its links."""

    module: Module
    path: str
    rule: str
    role: LinkRole


def _slot(module: Module, role: LinkRole = LinkRole.INFORMATION) -> Slot:
    return Slot(module, f"texts/{module}/", f"xzufi.{module.value.replace('_', '-')}", role)


TITLE = _slot(Module.TITLE)
OFFICIAL_TITLE = _slot(Module.OFFICIAL_TITLE)
DOCUMENTS = _slot(Module.DOCUMENTS)
APPROVAL = _slot(Module.APPROVAL)
DURATION = _slot(Module.DURATION)
DEADLINES = _slot(Module.DEADLINES)
FEES = _slot(Module.FEES)
OTHER = _slot(Module.OTHER)

SLOTS = {
    "02": OFFICIAL_TITLE,
    "03": TITLE,
    "05": _slot(Module.SUMMARY),
    "06": _slot(Module.DESCRIPTION),
    "07": _slot(Module.LEGAL_BASIS, LinkRole.LEGAL),
    "08": DOCUMENTS,
    "09": _slot(Module.REQUIREMENTS),
    "11": _slot(Module.PROCEDURE),
    "14": _slot(Module.FORMS, LinkRole.FORM),
    "15": _slot(Module.FURTHER_INFORMATION),
    "16": _slot(Module.NOTES),
    "18": _slot(Module.AUTHOR),
    "22": _slot(Module.COMPETENT_OFFICE),
    "23": _slot(Module.CONTACT, LinkRole.CONTACT),
    "24": _slot(Module.SUMMARY),
    "25": _slot(Module.LEGAL_REMEDY),
    # Codes that PVOG gives to the modules with elements of their own.
    "93": APPROVAL,
    "95": DURATION,
    "97": DEADLINES,
    "98": FEES,
}
