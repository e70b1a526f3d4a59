"""Links that an online service gives are traced to its record, with where they hold."""

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from harvester.explain.online_links import read_online_links, trace_online_links
from harvester.exports import Export, run_export
from harvester.fetch import SnapshotStore
from harvester.model import Ars, Competence, Link, LinkRole, OnlineService, Origin
from tests.build import GELSENKIRCHEN, HERTEN, A, Bench, document, service, source

URL = "https://antrag.example/gelsenkirchen"


@pytest.fixture
def bench(tmp_path: Path):
    made = Bench(tmp_path)
    online = OnlineService(
        remote_id="D1",
        title="Anmeldung online",
        links=(
            Link(url="https://other.example", role=LinkRole.APPLY),
            Link(url=URL, role=LinkRole.APPLY, label="Antrag"),
        ),
        provenance={"links/1": Origin(locator="url", rule="test.online")},
    )
    serves = Competence(remote_id="Z1", service="1", online_service="D1", regions=(Ars(GELSENKIRCHEN),))
    made.run(source(), document("https://stadt.example/list", service("1", keys=[A]), online, serves))
    made.build()
    yield made
    made.state.close()


def test_readers_and_exports_tell_the_region_of_a_link_that_is_stated_for_one(bench: Bench):
    ((service_id,),) = bench.ask("SELECT id FROM service")
    query = (Path(__file__).parents[2] / "examples" / "readers" / "links.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(bench.catalogue)) as db:
        here, there = (
            db.execute(query, {"service": service_id, "ars": ars}).fetchall() for ars in (GELSENKIRCHEN, HERTEN)
        )
    assert [(row[2], row[5]) for row in here] == [("https://other.example", GELSENKIRCHEN), (URL, GELSENKIRCHEN)]
    assert there == []
    run_export(bench.catalogue, Export("csv", bench.root / "csv"))
    with (bench.root / "csv" / "links.csv").open(encoding="utf-8", newline="") as file:
        assert {row["ars"] for row in csv.DictReader(file)} == {GELSENKIRCHEN}
    run_export(bench.catalogue, Export("ndjson", bench.root / "all.ndjson"))
    exported = json.loads((bench.root / "all.ndjson").read_text(encoding="utf-8"))
    assert {link["ars"] for link in exported["links"]} == {GELSENKIRCHEN}
    for wanted, told in (("schemaorg", "areaServed"), ("turtle", "dct:spatial")):
        run_export(bench.catalogue, Export(wanted, bench.root / wanted))
        text = (bench.root / wanted).read_text(encoding="utf-8")
        assert text.count(told) >= 3  # of the service, and of both channels


def test_a_link_of_an_online_service_leads_to_the_place_where_it_was_read(bench: Bench):
    ((service_id,),) = bench.ask("SELECT id FROM service")
    with closing(sqlite3.connect(bench.catalogue)) as db:
        links = read_online_links(db, service_id)
    first, second = trace_online_links(bench.state, SnapshotStore(bench.root / "snapshots"), links, bench.sources, {})
    assert (first.field, second.field) == ("links/online/0", "links/online/1")
    assert second.value == f"apply: {URL} „Antrag“"
    assert second.reason == f"the online service „Anmeldung online“ (gelsenkirchen:D1) serves it in {GELSENKIRCHEN}"
    assert (second.rule, second.source, second.remote_id) == ("test.online", "gelsenkirchen", "D1")
    assert (second.url, second.locator) == ("https://stadt.example/list", "/1/url")


def test_an_online_service_that_is_gone_from_the_state_is_named_all_the_same(bench: Bench):
    ((service_id,),) = bench.ask("SELECT id FROM service")
    with closing(sqlite3.connect(bench.catalogue)) as db:
        links = read_online_links(db, service_id)
    bench.state.conn.execute("UPDATE record SET status = 'withdrawn' WHERE kind = 'online_service'")
    told = list(trace_online_links(bench.state, SnapshotStore(bench.root / "snapshots"), links, bench.sources, {}))
    assert [(one.rule, one.source) for one in told] == [("online-service", "")] * 2
