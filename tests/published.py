"""A small published catalogue for those who read: Bund, Land and two cities over two days, with offices and link states."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harvester.catalogue.regions import read_regions
from harvester.catalogue.substitutes import write_substitutes
from harvester.model import Ars, Code, Competence, Link, LinkRole, OnlineService, Organisation
from tests.build import GELSENKIRCHEN, HERTEN, NRW, A, B, Bench, C, document, service, source

BUND, KREIS, RECKLINGHAUSEN, BOTTROP = "000000000000", "055620000000", "055620032032", "055120000000"
_PVLAGEN = "urn:xoev-de:fim:codeliste:pvlagen"
_FEW = (BUND, NRW, GELSENKIRCHEN, BOTTROP, KREIS, HERTEN, RECKLINGHAUSEN)

_BUND = source("bund", level="bund", region=BUND)
_LAND = source("land", level="land", region=NRW)
CITY = source("gelsenkirchen")
_HERTEN = source("herten", region=HERTEN)

DEAD, LIVING, BASE = "https://stadt.example/alt", "https://bund.example/antrag", "https://bund.example/info"


def publish_two_days(root: Path) -> Bench:
    """Harvest and publish two days. Close ``state`` when done."""
    everything = read_regions()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("harvester.catalogue.build.read_regions", lambda: {ars: everything[Ars(ars)] for ars in _FEW})
        bench = Bench(root)
        _first_day(bench)
        bench.build()
        bench.run(CITY, document("https://gelsenkirchen.example/list", *_city("6 Euro")))
        bench.build()
    with closing(sqlite3.connect(bench.catalogue)) as db, db:
        told = "state = 'dead', outcome = 'not_found', http_status = 404, since = '2025-01-02T00:00:00+00:00', failures = 4"
        db.execute(f"UPDATE link SET {told} WHERE url = ?", (DEAD,))
        db.execute("UPDATE link SET state = 'ok' WHERE url = ?", (LIVING,))
        write_substitutes(db)
    return bench


def _first_day(bench: Bench) -> None:
    base = service(
        "B1",
        "Wohnsitz anmelden",
        keys=[A],
        regions=[BUND],
        texts={"description": "Wer umzieht, meldet sich an.", "legal_basis": "Paragraf 17 des Gesetzes"},
        links=[
            Link(url=LIVING, role=LinkRole.APPLY, label="Antrag", online_service="D1"),
            Link(url=BASE, role=LinkRole.INFORMATION),
        ],
        situations=(Code(list_uri=_PVLAGEN, code="1050200"),),
    )
    office = Organisation(remote_id="O1", name="Bundesamt", region=Ars(BUND), homepage="https://amt.example")
    online = OnlineService(remote_id="D1", title="Anmeldung online", trust_level="30", languages=("de", "en"))
    answers = Competence(remote_id="K1", service="B1", organisation="O1", regions=(Ars(BUND),))
    bench.run(_BUND, document("https://bund.example/list", base, office, online, answers))
    permit = service("L1", "Bauantrag stellen", keys=[B], regions=[NRW], texts={"fees": "ab 50 Euro"})
    bench.run(_LAND, document("https://land.example/list", permit))
    bench.run(
        CITY, document("https://gelsenkirchen.example/list", *_city("5 Euro"), service("3", "Feuerwerk anzeigen"))
    )
    there = Organisation(
        remote_id="H1",
        name="Bürgerbüro",
        region=Ars(HERTEN),
        phone="02366 3030",
        address="Kurt-Schumacher-Str. 2, 45699 Herten",
    )
    own = service(
        "H2", "Hund anmelden", keys=[C], regions=[HERTEN], organisations=("H1",), texts={"summary": "Für „Hunde“ & Co."}
    )
    bench.run(_HERTEN, document("https://herten.example/list", own, there))


def _city(fee: str):
    dead = Link(url=DEAD, role=LinkRole.APPLY, label="Online-Antrag")
    yield service("1", "Wohnung anmelden", keys=[A], regions=[GELSENKIRCHEN], links=[dead], texts={"fees": fee})
    yield service("2", "Stadtrundgang buchen", texts={"summary": "Für Gäste"}, audience=("citizen",))
