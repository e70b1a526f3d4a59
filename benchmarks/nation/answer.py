"""Every request to every host of the nation, and its answer on a day. Pure: no socket, no clock."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from benchmarks.nation.address import Place, place_of
from benchmarks.nation.formats import dldb, pvog, website, xzufi
from benchmarks.nation.links import LINKED
from benchmarks.nation.message import BROKEN, MISSING, SILENT, Answer, Asked
from benchmarks.nation.nation import Nation, Town
from benchmarks.nation.shelf import Shelf
from benchmarks.nation.weather import Weather, host_weather, page_weather

_FILLER = "<p>Was Sie dazu wissen sollten, steht auf dieser Seite.</p>" * 12


def answer(nation: Nation, asked: Asked, day: int) -> Answer:
    """What a host answers."""
    place = place_of(asked.host)
    if place is None:
        return MISSING
    weather = host_weather(nation, asked.host, day)
    if weather is not Weather.FINE:
        return SILENT if weather is Weather.SILENT else BROKEN
    if LINKED.fullmatch(asked.path):
        return _linked(nation, asked, day)
    return _source(nation, place, asked, day)


def _linked(nation: Nation, asked: Asked, day: int) -> Answer:
    """A page that a link leads to, on a day."""
    match page_weather(nation, asked.host, asked.path, day):
        case Weather.GONE:
            return MISSING
        case Weather.BROKEN:
            return BROKEN
    title = escape(f"Seite {asked.path} von {asked.host}")
    told = f"<!doctype html><html lang=de><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1>"
    return Answer(f"{told}{_FILLER}</body></html>".encode())


def _source(nation: Nation, place: Place, asked: Asked, day: int) -> Answer:
    match place.kind:
        case "pvog":
            return pvog.answer(nation, _pvog_shelf(nation, asked.query.get("ars", "")), asked, day)
        case "bund" if asked.path.startswith("/stammtexte/"):
            shelf = nation.base_shelf()
            return xzufi.answer(nation, {xzufi.file_of(shelf): shelf}, asked.path.removeprefix("/stammtexte/"), day)
        case "land" if asked.path.startswith("/xzufi/"):
            return xzufi.answer(nation, _folder(nation, place.number), asked.path.removeprefix("/xzufi/"), day)
        case "town" if place.number < len(nation.towns):
            return _town(nation, nation.towns[place.number], asked.path, day)
        case _:
            return MISSING


@lru_cache(maxsize=16)
def _folder(nation: Nation, land: int) -> dict[str, Shelf]:
    """The files of a Land's editorial system: its own and one for each of its towns."""
    shelves = [nation.land_shelf(land), *(nation.town_shelves(town)[0] for town in nation.towns_of(land))]
    return {xzufi.file_of(shelf): shelf for shelf in shelves}


def _pvog_shelf(nation: Nation, ars: str) -> Shelf | None:
    town = _by_key(nation).get(ars)
    return None if town is None else nation.shelf_of(town, "csv", "details")


@lru_cache(maxsize=1)
def _by_key(nation: Nation) -> dict[str, Town]:
    return {town.region.ars: town for town in nation.towns}


def _town(nation: Nation, town: Town, path: str, day: int) -> Answer:
    shelves = nation.town_shelves(town)
    own = next((shelf for shelf in shelves if shelf.form not in {"xzufi", "csv", "details"}), None)
    if own is None:
        return MISSING
    if own.form == "dldb":
        return dldb.answer(nation, own, day) if path == "/export/dienstleistungen.json" else MISSING
    return website.answer(nation, own, path, day)
