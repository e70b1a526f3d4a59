"""Who is competent, and which online services a region has: three more answers of the Suchdienst API."""

from __future__ import annotations

from typing import Any

from federation.content import Content, Organisation

PAGE = 4
"""Online services on a page."""
RESPONSIBLE = {"code": "01", "name": "Zuständige Stelle"}
CONTACT = {"code": "03", "name": "Ansprechpunkt"}


def titles(content: Content, day: int, lbid: str) -> list[dict[str, Any]] | None:
    """Offices of a service: its own, and the first one of all as the place to ask. None for an unknown service."""
    agency, general = content.setting("agency"), content.organisations[0]
    for item in content.services(day):
        if lbid == f"{agency}.LB.{item.id}":
            own = next(office for office in content.organisations if office.id == item.org)
            told = [(own, RESPONSIBLE)] + ([(general, CONTACT)] if own != general else [])
            return [{"id": f"{agency}.OE.{o.id}", "title": o.name, "role": role} for o, role in told]
    return None


def office(content: Content, wanted: str) -> dict[str, Any] | None:
    """One office; None where there is none."""
    for one in content.organisations:
        if wanted == f"{content.setting('agency')}.OE.{one.id}":
            return {
                "id": wanted,
                "title": one.name,
                "location": {"addresses": _addresses(one), "communications": _communications(one)},
                "internetAddresses": [{"uri": one.url, "title": one.name}] if one.url else [],
                "lastUpdate": content.setting("edited"),
            }
    return None


def _addresses(one: Organisation) -> list[dict[str, Any]]:
    post = {"type": "Postanschrift", "street": "", "zip": one.zip, "city": one.city, "geo": None}
    house = {"type": "Hausanschrift", "street": one.street, "zip": one.zip, "city": one.city, "geo": None}
    return [post, house] if one.street else [post]


def _communications(one: Organisation) -> list[dict[str, str]]:
    told = (("01", one.mail), ("02", one.phone))
    return [{"code": code, "value": value} for code, value in told if value]


def online_services(content: Content, day: int, token: str) -> dict[str, Any] | None:
    """A page of the region's online services. The token of the next page is its first position; None for any other."""
    served: dict[str, dict[str, Any]] = {}
    agency = content.setting("agency")
    for item in content.services(day):
        for online in item.online:
            entry = {"id": f"{agency}.OD.{online.id}", "name": online.title, "links": [{"uri": online.url}]}
            entry = served.setdefault(online.id, {**entry, "serviceDescriptions": []})
            entry["serviceDescriptions"].append({"id": f"{agency}.LB.{item.id}", "ars": [content.region]})
    start = int(token or 0) if (token or "0").isdigit() else -1
    if not 0 <= start <= len(served):
        return None
    shown = list(served.values())[start : start + PAGE]
    following = str(start + PAGE) if start + PAGE < len(served) else None
    return {"totalHits": len(served), "hits": len(shown), "nextPageToken": following, "onlineservices": shown}
