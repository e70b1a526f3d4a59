"""The part of the code list of life situations (urn:xoev-de:fim:codeliste:pvlagen) that the sample uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

NAMES = {
    "1000000": "Lebenslagen für Bürgerinnen und Bürger",
    "1010000": "Geburt",
    "1010200": "Nach der Geburt",
    "1020000": "Partnerschaft und Familie",
    "1040000": "Arbeit",
    "1040300": "Jobsuche und Arbeitslosigkeit",
    "1050000": "Bauen und Wohnen",
    "1050200": "Wohnen und Umzug",
    "1060000": "Steuern und Abgaben",
    "1060800": "Sonstige Steuern",
    "1070000": "Ausweise und Dokumente",
    "1070100": "Ausweise",
    "1070200": "Urkunden und Bescheinigungen",
    "1090000": "Mobilität und Fahrzeuge",
    "1090200": "Fahrzeugbesitz",
    "1110000": "Hobby und Freizeit",
    "1110300": "Tierhaltung",
    "1120000": "Reisen und Auslandsaufenthalt",
    "1130000": "Gesundheit und Vorsorge",
    "1140000": "Sozialleistungen",
    "1140100": "Existenzsicherung und staatliche Unterstützung",
    "1170000": "Umwelt und Klima",
    "1180000": "Altersvorsorge und Ruhestand",
    "1190000": "Sterbefall und Nachlass",
    "2000000": "Geschäftslagen für Unternehmen",
    "2010000": "Unternehmensstart und Gewerbezulassung",
    "2010100": "Anmeldepflichten",
    "2020000": "Register und Kataster",
    "2030000": "Arbeitgeber sein",
    "2030200": "Personal einstellen",
    "2040000": "Steuern und Abgaben",
    "2060000": "Finanzierung und Förderung",
    "2070000": "Auslandsgeschäft",
    "2150000": "Veranstaltungen",
}


def personal_matters(codes: Iterable[str]) -> list[dict[str, Any]]:
    """Codes as the nested tree that PVOG shows: root, level 1, level 2."""
    roots: list[dict[str, Any]] = []
    for code in codes:
        level = roots
        for step in dict.fromkeys((f"{code[0]}000000", f"{code[:3]}0000", f"{code[:5]}00")):
            node = next((n for n in level if n["code"] == step), None)
            if node is None:
                node = {"code": step, "name": NAMES[step], "children": []}
                level.append(node)
            level = node["children"]
    return roots
