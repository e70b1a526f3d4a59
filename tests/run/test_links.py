"""A harvest checks the links that are due, and the catalogue tells of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harvester.cli import main
from harvester.errors import Exit
from harvester.registry import read_registry
from harvester.run.run import RunReport, run_sources
from harvester.state import open_state
from harvester.state.lease import holding
from tests.links.bench import STDIN_FIELDS
from tests.safety.town import Town, town_at

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass
class Day:
    """A clock that stands still until a test sets it."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def town(tmp_path: Path, httpserver) -> Iterator[Town]:
    """One source with two services; one link of theirs works, one is gone, one has moved."""
    for path in ("/da", "/neu"):
        httpserver.expect_request(path).respond_with_data(
            "<title>Da</title><h1>Da</h1>" + "x" * 600, content_type="text/html"
        )
    httpserver.expect_request("/weg").respond_with_data("", status=404)
    httpserver.expect_request("/alt").respond_with_data(
        "", status=301, headers={"Location": httpserver.url_for("/neu")}
    )
    with town_at(tmp_path / "workspace") as made:
        made.configure(run={"workers": 0}, links={"canaries": []})
        made.add("stadt", {"1": "unused"})
        entries = [("1", ["/da", "/weg"]), ("2", ["/da", "/alt"])]
        data = [
            {"id": key, "name": f"Leistung {key}", "links": [{"name": p, "link": httpserver.url_for(p)} for p in paths]}
            for key, paths in entries
        ]
        made.instead["stadt"] = json.dumps({"datacount": len(data), "data": data}).encode()
        yield made


def harvest(town: Town, clock: Day) -> RunReport:
    registry = read_registry(town.workspace.sources)
    return run_sources(town.workspace, registry, registry.pick(), clock=clock)


def links(town: Town) -> dict[str, tuple]:
    rows = town.ask("SELECT url, state, outcome, http_status, failures FROM link")
    return {"/" + row[0].rpartition("/")[2]: row[1:] for row in rows}


def test_after_a_harvest_the_catalogue_says_which_links_work(town: Town):
    report = harvest(town, Day())
    assert report.exit is Exit.DONE
    assert links(town) == {
        "/da": ("ok", "ok", 200, 0),
        "/weg": ("suspect", "gone", 404, 1),
        "/alt": ("ok", "moved", 200, 0),
    }


def test_an_address_that_two_services_name_is_checked_once(town: Town, httpserver):
    report = harvest(town, Day())
    assert report.links.report is not None
    assert report.links.report.checked == 3
    assert sum(request.path == "/da" for request, _ in httpserver.log) == 1


def test_an_unchanged_second_run_asks_only_what_is_due_and_says_so(town: Town):
    clock = Day()
    harvest(town, clock)
    clock.now += timedelta(hours=2)  # suspects are due after one hour, healthy links after a day
    told = harvest(town, clock).as_json()["links"]
    assert (told["selected"], told["checked"]) == (1, 1)
    assert told["requests"] >= 1
    assert told["seconds"] >= 0


def test_a_page_that_is_gone_for_a_day_is_dead_and_the_feed_says_so(town: Town):
    clock = Day()
    harvest(town, clock)
    clock.now += timedelta(hours=27)
    harvest(town, clock)
    assert links(town)["/weg"] == ("dead", "gone", 404, 2)
    assert town.ask("SELECT kind FROM event WHERE entity = 'link'") == [("link_broken",)]


def test_new_states_make_no_build_of_their_own_to_roll_back_to(town: Town):
    clock = Day()
    for _ in range(3):
        harvest(town, clock)
        clock.now += timedelta(hours=27)
    assert len(list(town.workspace.builds.glob("catalogue-*.db"))) == 2


def test_with_a_budget_of_none_a_harvest_checks_no_link(town: Town, httpserver):
    town.configure(links={"budget": 0})
    report = harvest(town, Day())
    assert report.links.report is None
    assert not httpserver.log


def test_a_dry_run_checks_no_link(town: Town, httpserver):
    registry = read_registry(town.workspace.sources)
    run_sources(town.workspace, registry, registry.pick(), dry=True)
    assert not httpserver.log


def test_a_void_check_ends_with_3_and_changes_no_state(town: Town):
    town.configure(links={"canaries": ["http://127.0.0.1:9/"]})
    report = harvest(town, Day())
    assert report.exit is Exit.VOID
    assert {row[0] for row in links(town).values()} == {"unchecked"}


def test_a_check_that_is_under_way_elsewhere_leaves_the_harvest_published_and_ends_with_4(town: Town):
    with open_state(town.workspace.state_file) as state, holding(state, town.workspace.state_file, "links", Day()):
        report = harvest(town, Day())
    assert report.exit is Exit.BUSY
    assert "links is held by" in report.links.busy
    assert len(links(town)) == 3


# The verbs


@pytest.fixture
def call(town: Town, capsys):
    def call(*arguments: str):
        code = main(["-w", str(town.root), "--json", *arguments])
        out, err = capsys.readouterr()
        return code, json.loads(out), err

    harvest(town, Day(datetime.now(UTC) - timedelta(hours=27)))
    return call


def test_check_looks_at_what_is_asked_for_and_publishes_what_changed(call, town: Town):
    code, told, _ = call("links", "check", "--all")
    assert (code, told["checked"]) == (0, 3)
    assert links(town)["/weg"][0] == "dead"


@pytest.mark.parametrize("which", [["--source", "stadt"], ["--host", "localhost"], ["--due"], []])
def test_check_can_be_told_which(call, which):
    code, told, _ = call("links", "check", *which)
    assert (code, told["checked"]) == (0, 3)


def test_check_of_one_address_asks_for_that_alone(call, httpserver):
    code, told, _ = call("links", "check", httpserver.url_for("/da"))
    assert (code, told["checked"], told["outcomes"]) == (0, 1, {"ok": 1})


def test_a_source_without_links_and_two_ways_to_choose_are_wrong_use(town: Town, call):
    assert call("links", "check", "--source", "nope")[0] == Exit.WRONG_USE
    assert call("links", "check", "--all", "--due")[0] == Exit.WRONG_USE
    assert call("links", "list", "--state", "lost")[0] == Exit.WRONG_USE
    assert call("links", "confirm", "https://stadt.example/", "perhaps")[0] == Exit.WRONG_USE
    assert town.workspace.catalogue_file.exists()


def test_list_explain_and_confirm(call, httpserver):
    call("links", "check", "--all")
    _, (dead,), _ = call("links", "list", "--state", "dead")
    assert dead["reason_de"].startswith("Der Server kennt die Seite nicht")
    _, told, _ = call("links", "explain", httpserver.url_for("/weg"))
    assert (told["state"], [seen["judged"] for seen in told["observations"]]) == ("dead", ["http-404"] * 2)
    _, told, _ = call("links", "confirm", httpserver.url_for("/weg"), "alive", "--because", "offen gesehen")
    assert told["state"] == "ok"
    _, told, _ = call("links", "explain", httpserver.url_for("/weg"))
    assert told["confirmations"][0]["because"] == "offen gesehen"


def test_suggest_names_the_services_and_writes_a_table_that_spreadsheets_read(call, town: Town, httpserver, tmp_path):
    with open_state(town.workspace.state_file) as state:
        week = (datetime.now(UTC) - timedelta(days=9)).isoformat()
        state.conn.execute("UPDATE link SET permanent_since = ? WHERE permanent_url <> ''", (week,))
    _, (told,), _ = call("links", "suggest")
    assert (told["url"], told["target"]) == (httpserver.url_for("/alt"), httpserver.url_for("/neu"))
    assert told["services"] == ["Leistung 2"]
    file = tmp_path / "proposals.csv"
    assert call("links", "suggest", "--csv", str(file))[0] == 0
    head, line = file.read_text(encoding="utf-8-sig").splitlines()
    assert head == "url,target,kind,confidence,reason_de,reason_en,services,sources"
    assert "Leistung 2,stadt" in line


@pytest.mark.parametrize("verb", [["list"], ["explain", "x"], ["suggest"], ["confirm", "x", "alive"]])
def test_before_the_first_run_there_is_nothing_to_tell(tmp_path, capsys, verb):
    assert main(["-w", str(tmp_path), "links", *verb]) == Exit.WRONG_USE
    assert "nothing was harvested yet (harvester run)" in capsys.readouterr().err


def test_people_read_reasons_in_german(call, town: Town, capsys):
    call("links", "check", "--all")
    assert main(["-w", str(town.root), "links", "list"]) == 0
    out = capsys.readouterr().out
    assert "Der Server kennt die Seite nicht (404). → Die neue Adresse der Seite suchen" in out
    assert "3 links" in out


# On its own


def test_standard_input_needs_no_catalogue_and_prints_an_object_per_address(tmp_path, httpserver, capsys, monkeypatch):
    httpserver.expect_request("/da").respond_with_data("<title>Da</title>" + "x" * 600, content_type="text/html")
    httpserver.expect_request("/weg").respond_with_data("", status=404)
    (tmp_path / "harvester.toml").write_text('[fetch]\nallow_addresses = ["127.0.0.0/8"]\n[politeness]\ninterval = 0\n')
    base = f"http://127.0.0.1:{httpserver.port}"
    lines = [f"{base}/da\n", "\n", "# a remark\n", f"{base}/weg\n", "https://portal.example/{serviceId}\n"]
    monkeypatch.setattr("sys.stdin", lines)
    assert main(["-w", str(tmp_path), "links", "check", "--stdin", "--json"]) == 0
    told = {o["url"]: o for o in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {url: (o["outcome"], o["state"]) for url, o in told.items()} == {
        f"{base}/da": ("ok", "ok"),
        f"{base}/weg": ("gone", "suspect"),
        "https://portal.example/{serviceId}": ("unchecked", "unchecked"),
    }
    assert all(o.keys() >= STDIN_FIELDS for o in told.values())
    assert not (tmp_path / "state.db").exists()


def test_every_address_gets_its_object_also_where_our_own_network_is_down(tmp_path, capsys, monkeypatch):
    (tmp_path / "harvester.toml").write_text(
        '[fetch]\nallow_addresses = ["127.0.0.0/8"]\n[politeness]\ninterval = 0\n[links]\ncanaries = ["http://127.0.0.1:9/"]\n'
    )
    monkeypatch.setattr("sys.stdin", ["http://localhost:9/a\n", "http://localhost:9/b\n"])
    assert main(["-w", str(tmp_path), "links", "check", "--stdin", "--json"]) == Exit.VOID
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [o["code"] for o in told] == ["own-network-down"] * 2
