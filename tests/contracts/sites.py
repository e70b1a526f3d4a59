"""One small source of every interface, in its real format: what the contract of all of them is held against."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug import Request, Response

from tests.contracts import test_fim, test_jsonapi, test_openpvog, test_pvog
from tests.contracts.source import write
from tests.normalizers.xzufi.making import message
from tests.normalizers.xzufi.making import service as leistung
from tests.website.town import Town, page


@dataclass(frozen=True)
class Site:
    """How a source is laid out in a town, and what a harvest of it is.

    ``data`` are the paths whose answers carry services or lead to them; ``asked`` the whole harvest in its order, with
    queries. ``change`` is a path, a piece of its answer and another in its place, as if a field had been renamed;
    ``told`` what is said of it then, issues by severity and rule.
    """

    lay: Callable[[Town], None]
    data: tuple[str, ...]
    asked: tuple[str, ...]
    change: tuple[str, str, str]
    told: frozenset[tuple[str, str]]
    services: int = 2


def _json(town: Town, path: str, body: Any) -> None:
    town.pages[path] = lambda request: Response(
        json.dumps(body(request) if callable(body) else body, ensure_ascii=False), content_type="application/json"
    )


def lay_xzufi(town: Town) -> None:
    town.pages["/xzufi/index.txt"] = "eins.xml\r\nzwei.xml\r\n"
    for number, name in ((1, "eins"), (2, "zwei")):
        town.pages[f"/xzufi/{name}.xml"] = message(leistung(number=number, title=f"Dienst {number}"))
    write(town, "xzufi", "/xzufi/")


def lay_log(town: Town) -> None:
    def answer(request: Request) -> dict[str, Any]:
        number = int(request.args["index"])
        written = message(leistung(number=number + 1, title=f"Dienst {number + 1}")) if number < 2 else message()
        following = f"{town.home}/log?index={min(number + 1, 2)}"
        return {
            "xzufiObjekte": written,
            "anzahlObjekte": int(number < 2),
            "vollstaendig": number >= 2,
            "naechsterIndex": min(number + 1, 2),
            "naechsteAnfrageUrl": following,
        }

    _json(town, "/log", answer)
    write(town, "xzufi", "/log?index=0", transport="bereitstelldienst")


def lay_pvog(town: Town) -> None:
    test_pvog.portal(town)


def lay_dldb(town: Town) -> None:
    services = [{"id": str(n), "name": f"Dienst {n}", "description": "Text", "leika": f"99{n:012}"} for n in (1, 2)]
    _json(town, "/dienste.json", {"datacount": 2, "error": False, "data": services})
    write(town, "dldb", "/dienste.json")


def lay_fim(town: Town) -> None:
    test_fim.portal(town, [test_fim.entry(1), test_fim.entry(2)])


def lay_openpvog(town: Town) -> None:
    town.pages[test_openpvog.PATH] = test_openpvog.EXPORT
    write(town, "openpvog", "/api")


def lay_jsonapi(town: Town) -> None:
    town.pages["/nodes"] = test_jsonapi.page(test_jsonapi.node(1), following="/nodes?page=2")
    town.pages["/nodes?page=2"] = test_jsonapi.page(test_jsonapi.node(2))
    write(town, "jsonapi", "/nodes", fields=test_jsonapi.FIELDS)


def lay_linklist(town: Town) -> None:
    town.pages["/liste.csv"] = "Name;Adresse\nHund;https://x.example/\nUmzug;https://y.example/\n"
    write(town, "linklist", "/liste.csv", columns={"title": "Name", "apply": "Adresse"})


def lay_website(town: Town) -> None:
    paths = ("/leistungen/hund", "/leistungen/umzug")
    town.sitemap(*paths)
    town.pages |= {path: page(path.rpartition("/")[2].title()) for path in paths}
    town.pages["/robots.txt"] = "User-agent: *\nDisallow: /intern/\n"
    write(town, "website", "/")


_LIST = "/api/v0/leistung-stammtexte"
_DETAIL = test_pvog.DETAIL
_ONLINE = f"{test_pvog.ONLINE}?ars={test_pvog.ARS}"

SITES = {
    "xzufi": Site(
        lay_xzufi,
        data=("/xzufi/index.txt", "/xzufi/eins.xml"),
        asked=("/xzufi/index.txt", "/xzufi/eins.xml", "/xzufi/zwei.xml"),
        change=("/xzufi/eins.xml", "modulText", "modulWort"),
        told=frozenset({("error", "xzufi.no-title"), ("info", "xzufi.unknown-field")}),
    ),
    "xzufi-log": Site(
        lay_log,
        data=("/log",),
        asked=("/log?index=0", "/log?index=1", "/log?index=2"),
        change=("/log", "modulText", "modulWort"),
        told=frozenset({("error", "xzufi.no-title"), ("info", "xzufi.unknown-field")}),
    ),
    "pvog": Site(
        lay_pvog,
        data=(test_pvog.CSV, _DETAIL % 1, test_pvog.TITLES, test_pvog.OFFICE, test_pvog.ONLINE),
        asked=(
            f"{test_pvog.CSV}?ars={test_pvog.ARS}",
            *(f"{_DETAIL % n}?ars={test_pvog.ARS}&applyDynamicParams=true" for n in (1, 2)),
            *(f"{test_pvog.TITLES}?ars={test_pvog.ARS}&lbId=L1.LB.{n}" for n in (1, 2)),
            _ONLINE,
            *(f"{test_pvog.OFFICE}?q=L1.OE.{n}" for n in (7, 8)),
            f"{_ONLINE}&nextPageToken=weiter",
        ),
        change=(test_pvog.CSV, "Updatedatum", "Aktualisiert"),
        told=frozenset({("info", "pvog.unknown-column"), ("warning", "pvog.missing-column")}),
    ),
    "dldb": Site(
        lay_dldb,
        data=("/dienste.json",),
        asked=("/dienste.json",),
        change=("/dienste.json", '"name"', '"titel"'),
        told=frozenset({("info", "dldb.unknown-field"), ("error", "dldb.no-title")}),
    ),
    "fim": Site(
        lay_fim,
        data=(_LIST,),
        asked=(f"{_LIST}?source=leika&order_by=geaendert_datum_zeit_asc&offset=0&limit=200",),
        change=(_LIST, '"kurztext"', '"kuerzesttext"'),
        told=frozenset({("info", "fim.unknown-field"), ("warning", "fim.missing-field")}),
    ),
    "openpvog": Site(
        lay_openpvog,
        data=(test_openpvog.PATH,),
        asked=(f"{test_openpvog.PATH}?filetype=csv&includeAbove=false&includeBelow=false",),
        change=(test_openpvog.PATH, "ozg_bezeichnung", "ozg_name"),
        told=frozenset(
            {
                ("info", "openpvog.unknown-field"),
                ("warning", "openpvog.missing-field"),
                ("info", "openpvog.link-not-ok"),
            }
        ),
    ),
    "jsonapi": Site(
        lay_jsonapi,
        data=("/nodes", "/nodes?page=2"),
        asked=("/nodes", "/nodes?page=2"),
        change=("/nodes", "field_teaser", "field_anreisser"),
        told=frozenset({("info", "jsonapi.unknown-field"), ("warning", "jsonapi.missing-field")}),
    ),
    "linklist": Site(
        lay_linklist,
        data=("/liste.csv",),
        asked=("/liste.csv",),
        change=("/liste.csv", "Adresse", "Seite"),
        told=frozenset(
            {(kind, "The list lacks the columns Adresse; it has Name, Seite.") for kind in ("lost", "broken")}
        ),
    ),
    "website": Site(
        lay_website,
        data=("/sitemap.xml", "/leistungen/hund"),
        asked=("/sitemap.xml", "/leistungen/hund", "/leistungen/umzug"),
        change=("/leistungen/hund", "main", "nav"),
        told=frozenset({("error", "website.empty")}),
    ),
}
