"""Where services lead: to their town's pages, to laws, and to providers of online services, of whom a few serve most. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from benchmarks.nation import address
from benchmarks.nation.nation import Nation
from benchmarks.nation.shelf import Offer

_APPLY, _SHARED, _LEAFLET = 0.7, 0.4, 0.5
LINKED = re.compile(r"/(?:antrag/\d+/\d+|onlinedienste/\d+|gesetze/\d+|buergerservice/\d+|merkblatt/\d+(?:-\d+)?)")
"""Paths of the pages that links lead to; what else is asked for on a host is not there."""


class Way(NamedTuple):
    """A link: what for (``apply``, ``information``, ``leaflet``, ``law``), what it says, where it leads."""

    purpose: str
    label: str
    url: str


def ways_of(nation: Nation, offer: Offer) -> list[Way]:
    """The links of a description. Every change of it is one of its leaflet or its way to apply, too."""
    shelf, draw = offer.shelf, nation.dice.stream("ways", offer.shelf.name, offer.slot).random
    apply, shared, where, leaflet = draw(), draw(), draw(), draw()
    found: list[Way] = []
    if apply < _APPLY or shelf.form == "csv":
        host = address.provider(int((nation.providers + 1) ** where) - 1)
        path = f"/onlinedienste/{offer.key or offer.number}"
        if shared >= _SHARED:
            path = f"/antrag/{shelf.ars}/{offer.number}"
        else:
            host = address.provider(int(offer.key[5:8] or 0) % 3)
        edition = f"?fassung={offer.version}" if shelf.form == "csv" and offer.version else ""
        found.append(Way("apply", "Online beantragen", nation.url(host, path + edition)))
    if shelf.form == "csv":
        return found
    home = home_of(shelf.ars, shelf.base)
    if shelf.form in {"xzufi", "base", "details", "dldb"}:
        found.append(Way("information", "Weitere Informationen", nation.url(home, f"/buergerservice/{offer.number}")))
    if leaflet < _LEAFLET or offer.version:
        edition = f"-{offer.version}" if offer.version else ""
        found.append(Way("leaflet", "Merkblatt", nation.url(home, f"/merkblatt/{offer.number}{edition}")))
    if offer.key:
        law = int(offer.key[2:8]) % 2_000
        found.append(Way("law", "Rechtsgrundlage", nation.url(address.LAWS, f"/gesetze/{law}")))
    return found


def home_of(ars: str, base: int) -> str:
    """The host of those whose shelf counts from ``base``."""
    if ars == "0" * 12:
        return address.BUND
    return (
        address.land(int(ars[:2])) if ars.endswith("0" * 10) and base >= 20_000_000 else address.town(base // 1_000 - 1)
    )
