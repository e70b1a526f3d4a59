"""The detail answer of one service, shaped like PVOG's /v6/servicedescriptions/{id}/detail."""

from __future__ import annotations

from typing import Any

from federation.content import Content
from federation.leistung import Leistung, Onlinedienst
from federation.prose import EMPTY, html, modules
from federation.pvog.topics import personal_matters

ALWAYS = {"validFrom": "1970-01-01", "validTo": "2999-12-31"}
TYPES = {"1": "Regelungs- und Vollzugskompetenz auf Bundesebene"}


def detail(content: Content, item: Leistung) -> dict[str, Any]:
    """JSON with all the keys the real answer has, empty ones included."""
    agency = content.setting("agency")
    summary = html(item.short) or html(item.text)
    answer: dict[str, Any] = {
        "name": item.title,
        "description": summary,
        "leikakeys": list(item.keys),
        "sdgInformation": [],
        "id": f"{agency}.LB.{item.id}",
        "languageCode": item.language,
        "timestamp": item.edited.replace("Z", ".417000000Z"),
        "ars": [content.region],
        "sourcePortals": [],
        "languageComplete": {"en": bool(item.english)},
        "availableLanguages": [item.language, *(["en"] if item.english else [])],
        "organisationIds": [f"{agency}.OE.{item.org}"],
        "lastUpdate": item.edited.replace("Z", ".417000000Z"),
        "externalLastUpdate": item.edited,
        "addressees": ["Unternehmen" if item.business else "Bürger"],
        "arsFederalstate": [content.region[:2]],
        **ALWAYS,
        "validityPeriods": [ALWAYS],
        "synonyms": list(item.synonyms),
        "details": _details(item),
        "typing": [_type(item.type)] if item.type else [],
        "onlineServiceLinks": [_online(agency, o) for o in item.online],
        "personalMatters": personal_matters(item.topics),
        "forms": [],
        "suggest": [item.title, item.name],
    }
    for name in item.single:
        answer[name] = answer[name][0]
    return answer | dict(item.raw or {})


def _details(item: Leistung) -> list[dict[str, Any]]:
    shown = [_module(m.heading, m.html, m.code, "TEXT_MODUL", m.links) for m in modules(item)]
    shown += [_module("Urheber", EMPTY, "18", "TEXT_MODUL")]
    for heading, code, kind, prose in (
        ("Kosten & Gebühren", "98", "KOSTEN", item.fee),
        ("Fristen", "97", "FRIST", item.deadline),
        ("Bearbeitungsdauer", "95", "BEARBEITUNGSDAUER", item.duration),
    ):
        if prose:
            shown.append({**_module(heading, html(prose), code, kind), "@type": "_moduleDetail", "details": []})
    return shown


def _module(heading: str, text: str, code: str, kind: str, links: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    return {
        "@type": "_module",
        "additionalInformation": [],
        "filled": True,
        "placeholder": text == EMPTY,
        "title": heading,
        "text": text,
        "links": [
            {"uri": url, "title": title, "description": "", "replace": False, "dynamicParameters": []}
            for title, url in links
        ],
        "replace": False,
        "code": code,
        "xZufiCategory": kind,
    }


def _type(code: str) -> dict[str, str]:
    name = TYPES.get(code, f"Typ {code}")
    return {
        "code": code,
        "name": name,
        "listURI": "urn:de:fim:leika:typisierung",
        "listVersionID": "20210831",
    }


def _online(agency: str, online: Onlinedienst) -> dict[str, Any]:
    return {
        "uri": online.url,
        "title": online.title,
        "replace": bool(online.parameters),
        "dynamicParameters": [{"parameterName": name, "typ": "001"} for name in online.parameters],
        "id": f"{agency}.OD.{online.id}",
        **ALWAYS,
        "validityPeriods": [ALWAYS],
        "executionLanguages": ["de"],
        "executionNationalities": [],
        "levelOfConfidence": online.trust,
        "identificationMethods": [],
        "paymentMethods": [],
        "helpLinks": [],
    }
