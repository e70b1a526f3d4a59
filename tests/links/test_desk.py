"""What maintainers ask and say: list, explain, suggest, confirm; and the checker on its own over standard input."""

import asyncio
import json
from datetime import timedelta
from ipaddress import IPv4Network

import pytest

from harvester.errors import UsageError
from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.links.check import Setup, is_running, this_process
from harvester.links.confirm import confirm_link, measure_precision
from harvester.links.lists import explain_link, list_links, read_facts
from harvester.links.rules import read_rules
from harvester.links.settings import LinkSettings
from harvester.links.state import State, Word
from harvester.links.stdin import check_lines
from harvester.links.store import Selection
from harvester.links.suggest import suggest_repairs
from tests.links.bench import STDIN_FIELDS, Desk, FakeTime, run
from tests.links.hostile.replies import reply
from tests.links.hostile.scenes import SCENES
from tests.links.hostile.server import HostileServer
from tests.links.script import Script, moved, seen

A, B = "https://stadt.example/alt", "https://stadt.example/neu"
LOOPBACK = FetchSettings(allow_addresses=(IPv4Network("127.0.0.0/8"),), timeout=1)


def desk(**hosts) -> Desk:
    time = FakeTime()
    return Desk(Script(time.clock, **hosts), time)


def dead_desk() -> Desk:
    at = desk(stadt_example=404)
    at.add(A)
    for _ in range(3):
        run(at.check())
        at.time.wait(hours=14)
    assert at.link(A)["state"] == "dead"
    return at


def test_every_rule_says_in_two_languages_what_it_means_and_what_to_do():
    for rule in read_rules().values():
        assert all((rule.reason_de, rule.reason_en, rule.action_de, rule.action_en)), rule.code
        assert rule.who in {"editor", "operator", "harvester", "nobody"}


def test_the_list_tells_state_reason_and_action():
    (told,) = list_links(dead_desk().conn, state="dead")
    assert (told["url"], told["code"], told["who"]) == (A, "http-404", "editor")
    assert told["reason_de"].startswith("Der Server kennt die Seite nicht")


def test_the_facts_for_the_catalogue_are_named_as_sources_write_addresses():
    at = desk()
    at.add(f"{A}#oben", "mailto:amt@stadt.example", "www.stadt.example")
    run(at.check())
    facts = {fact.text: (fact.state, fact.outcome) for fact in read_facts(at.conn)}
    assert facts == {
        f"{A}#oben": ("ok", "ok"),
        "mailto:amt@stadt.example": ("unchecked", "unchecked"),
        "www.stadt.example": ("unchecked", "invalid"),
    }


def test_explain_shows_observations_judged_then_and_now():
    told = explain_link(dead_desk().conn, A)
    assert told["state"] == "dead"
    assert [o["judged"] for o in told["observations"]] == ["http-404"] * 3
    assert [o["judged_now"] for o in told["observations"]] == ["http-404"] * 3


def test_explain_of_an_unknown_link_says_what_to_do():
    with pytest.raises(UsageError, match="harvester links check"):
        explain_link(desk().conn, A)


def test_a_maintainers_word_changes_the_state_and_measures_our_own_precision():
    at = dead_desk()
    assert measure_precision(at.conn).share is None
    assert confirm_link(at.conn, A, Word.ALIVE, at.time.now(), "opened it") is State.OK
    run(at.check(Selection(due=False)))
    assert at.link(A)["state"] == "ok"
    assert measure_precision(at.conn).share == 1.0


def test_a_permanent_target_is_proposed_once_it_has_proved_stable():
    at = desk()
    at.add(A)
    at.probe.pages[A] = lambda: moved(A, B, at.time.clock)
    run(at.check())
    assert suggest_repairs(at.conn) == []
    at.time.wait(days=8)
    run(at.check())
    (proposal,) = suggest_repairs(at.conn)
    assert (proposal.kind, proposal.url, proposal.target) == ("permanent-target", A, B)


def test_a_living_page_of_the_same_host_with_the_same_title_is_proposed():
    at = desk()
    at.add(A, B)
    at.probe.pages[A] = lambda: seen("https://x.example/", 200, at.time.clock, final_url="")
    at.probe.pages[B] = lambda: seen("https://x.example/", 200, at.time.clock, final_url="")
    run(at.check())
    at.probe.pages[A] = 404
    at.time.wait(days=2)
    run(at.check())
    assert [(s.kind, s.target) for s in suggest_repairs(at.conn)] == [("same-title", B)]


def test_the_same_service_elsewhere_is_proposed_for_a_dead_link():
    at = dead_desk()
    proposals = suggest_repairs(at.conn, lambda _: [("https://kreis.example/", "Kreis Recklinghausen")])
    assert [(s.kind, s.target) for s in proposals] == [("same-service", "https://kreis.example/")]


def test_a_missing_scheme_is_proposed_with_it():
    at = desk()
    at.add("www.stadt.example/a")
    assert [(s.kind, s.target) for s in suggest_repairs(at.conn)] == [("spelling", "https://www.stadt.example/a")]


def test_lines_in_json_out_without_any_catalogue(tmp_path):
    async def check() -> list[str]:
        lines: list[str] = []
        async with HostileServer(SCENES) as server:
            setup = Setup(LOOPBACK, PolitenessSettings(interval=0), LinkSettings(canaries=()), tmp_path)
            base = f"http://127.0.0.1:{server.port}"
            asked = [
                f"{base}/ok",
                f"{base}/ok",
                f"{base}/nowhere",
                f"{base}/redirect/301",
                "mailto:a@b.example",
                "",
                "# no",
            ]
            await check_lines(asked, setup, lines.append)
        return lines

    told = [json.loads(line) for line in asyncio.run(check())]
    assert len(told) == 4
    by_end = {one["url"].rpartition("/")[2]: one for one in told}
    assert (by_end["ok"]["outcome"], by_end["ok"]["state"], by_end["ok"]["error"]) == ("ok", "ok", None)
    assert (by_end["nowhere"]["http_status"], by_end["nowhere"]["state"]) == (404, "suspect")
    assert by_end["301"]["hops"][0]["status"] == 301
    assert by_end["mailto:a@b.example"]["outcome"] == "unchecked"
    assert set(by_end["ok"]) >= STDIN_FIELDS


def test_politeness_over_the_network_asks_robots_first_and_keeps_the_interval(tmp_path):
    scenes = {
        **SCENES,
        "/robots.txt": reply(200, b"User-agent: *\nDisallow: /status/200\n", "Content-Type: text/plain"),
    }
    time = FakeTime()

    async def check() -> tuple[list[tuple[str, str]], list[str]]:
        lines: list[str] = []
        async with HostileServer(scenes) as server:
            setup = Setup(
                LOOPBACK, PolitenessSettings(interval=1), LinkSettings(canaries=()), tmp_path, clock=time.clock
            )
            base = f"http://127.0.0.1:{server.port}"
            await check_lines([f"{base}/ok", f"{base}/status/200", f"{base}/status/201"], setup, lines.append)
            return server.asked, lines

    asked, lines = asyncio.run(check())
    assert asked[0] == ("GET", "/robots.txt")
    assert ("GET", "/status/200") not in asked
    assert sorted(json.loads(line)["code"] for line in lines) == ["ok", "ok", "robots"]
    assert sum(time.slept) >= len(asked) - 2


def test_a_process_knows_itself_and_a_dead_one():
    assert is_running(this_process())
    assert not is_running(this_process().rpartition(":")[0] + ":4194305")
    assert is_running("another machine:1")


def test_the_settings_refuse_canaries_that_are_no_addresses():
    with pytest.raises(ValueError, match="no address"):
        LinkSettings(canaries=("bund.de",))


def test_a_dead_link_needs_time_whatever_the_settings():
    assert timedelta(hours=LinkSettings().damping.hours) == timedelta(days=2)
