"""The code list of text modules.

``urn:de:xzufi:codeliste:leistungstextmodulleika``; 93 to 98 are PVOG's codes for the modules that have a structure of
their own in XZuFi. Read from PVOG's answers of January 2025.
"""

from __future__ import annotations

from harvester.model import LinkRole, Module

MODULES: dict[str, Module] = {
    "02": Module.OFFICIAL_TITLE,
    "03": Module.TITLE,
    "05": Module.SUMMARY,
    "06": Module.DESCRIPTION,
    "07": Module.LEGAL_BASIS,
    "08": Module.DOCUMENTS,
    "09": Module.REQUIREMENTS,
    "11": Module.PROCEDURE,
    "14": Module.FORMS,
    "15": Module.FURTHER_INFORMATION,
    "16": Module.NOTES,
    "18": Module.AUTHOR,
    "22": Module.COMPETENT_OFFICE,
    "23": Module.CONTACT,
    "24": Module.SUMMARY,
    "25": Module.LEGAL_REMEDY,
    "93": Module.APPROVAL,
    "94": Module.OTHER,
    "95": Module.DURATION,
    "97": Module.DEADLINES,
    "98": Module.FEES,
}

CATEGORIES: dict[str, Module] = {
    "KOSTEN": Module.FEES,
    "FRIST": Module.DEADLINES,
    "BEARBEITUNGSDAUER": Module.DURATION,
    "TEXT_MODUL_INDIVIDUELL": Module.OTHER,
}
"""PVOG's ``xZufiCategory``, which tells the module where the code does not."""

LINK_ROLES: dict[Module, LinkRole] = {
    Module.LEGAL_BASIS: LinkRole.LEGAL,
    Module.FORMS: LinkRole.FORM,
    Module.CONTACT: LinkRole.CONTACT,
}
"""What a link inside a module is for; in all other modules it informs."""
