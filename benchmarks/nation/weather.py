"""How hosts behave: slow ones, pages that are gone, hosts that are down. Pure."""

from __future__ import annotations

from enum import StrEnum

from benchmarks.nation.address import place_of
from benchmarks.nation.nation import Nation

_MEDIAN, _SPREAD, _LONGEST = 0.06, 0.8, 2.0
_GONE, _BROKEN, _SILENT = 0.015, 0.003, 0.005


class Weather(StrEnum):
    """What comes of asking for a page that a link leads to."""

    FINE = "fine"
    GONE = "gone"
    """404."""
    BROKEN = "broken"
    """500."""
    SILENT = "silent"
    """The connection is closed without an answer."""


def latency(nation: Nation, host: str) -> float:
    """Seconds until a host answers: half of them need less than 60 ms, a few a second."""
    told = nation.dice.stream("latency", host).lognormvariate(0.0, _SPREAD)
    return min(_MEDIAN * told, _LONGEST)


def host_weather(nation: Nation, host: str, day: int) -> Weather:
    """What is wrong with a whole host on a day: a site that is out, or one of the 0.5 % of providers that are no more."""
    place = place_of(host)
    if place is None:
        return Weather.SILENT
    if place.kind == "town" and place.number in nation.down(day):
        return Weather.BROKEN if nation.dice.share("outage", day, host) < 0.5 else Weather.SILENT
    # the first providers serve half the country; without them the nation would tell of nothing but their failure
    ends = place.kind == "provider" and place.number >= 10 and nation.dice.share("ended", host) < _SILENT
    return Weather.SILENT if ends else Weather.FINE


def page_weather(nation: Nation, host: str, path: str, day: int) -> Weather:
    """What is wrong on a day with a page that a link leads to, where its host is well. What is gone stays so; errors pass."""
    if nation.dice.share("gone", host, path) < _GONE:
        return Weather.GONE
    return Weather.BROKEN if nation.dice.share("broken", day, host, path) < _BROKEN else Weather.FINE
