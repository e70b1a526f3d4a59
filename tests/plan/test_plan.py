"""Estimates, histories, hosts that bound the week, and what the plan says to do about them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

from harvester.fetch.settings import PolitenessSettings
from harvester.links.host_rules import HostRule, HostRules
from harvester.links.schedule import HEALTHY, SUSPECT
from harvester.plan.estimate import MOST_PER_SECOND, load_of, pace_of, requests_of
from harvester.plan.history import History, Past, PastRun, Waiting, read_history
from harvester.plan.plan import make_plan
from harvester.registry import INTERFACES, Source
from harvester.schedule.due import Due
from harvester.schedule.slots import last_slot, trigger_of
from harvester.state import open_state
from harvester.workspace import Settings

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
POLITE = PolitenessSettings(interval=1)


def source(interface: str = "dldb", host: str = "www.stadt.example", **more: object) -> Source:
    return Source.model_validate(
        {
            "id": "quelle",
            "title": "Quelle",
            "level": "kommune",
            "region": "055130000000",
            "interface": interface,
            "endpoint": f"https://{host}/",
            "publisher": {"name": "Stadt"},
            **more,
        }
    )


def plan(
    *sources: Source, history: History | None = None, days: float = 7, rules: HostRules | None = None, **tables: object
):
    due = [Due(s, slot) for s in sources if (slot := last_slot(trigger_of(s), NOW))]
    settings = Settings.model_validate(tables)
    return make_plan(sources, history or History(), due, settings, rules or HostRules(), begins=NOW, days=days)


PUBLISHED = sorted(name for name, i in INTERFACES.items() if i.spider.startswith("spiders."))  # not those of tests


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_pace_is_the_one_that_the_interface_itself_bears(name):
    module, _, cls = INTERFACES[name].spider.partition(":")
    assert MOST_PER_SECOND.get(name) == getattr(import_module(module), cls).most_requests_per_second


@pytest.mark.parametrize(("interface", "options"), [(name, {}) for name in PUBLISHED])
def test_every_interface_has_an_estimate(interface, options):
    assert requests_of(source(interface, options=options)) >= 1


@pytest.mark.parametrize(
    ("made", "requests"),
    [
        (source("pvog"), 1),
        (source("pvog", options={"details": True}, expectations={"services": {"max": 300}}), 301),
        (
            source("pvog", options={"details": True, "organisations": True}, expectations={"services": {"max": 300}}),
            661,
        ),
        (source("website", expectations={"services": {"max": 900}}, options={"pages": 100}), 122),
        (source("fim", options={"documents": True}), 8_080),
    ],
)
def test_an_estimate_follows_interface_options_and_expectations(made, requests):
    assert requests_of(made) == requests


def test_the_pace_is_combined_as_the_crawler_does():
    assert pace_of(source(), POLITE) == (1.0, 1)
    assert pace_of(source("pvog"), POLITE)[0] == 1.0
    assert pace_of(source("pvog", politeness={"requests_per_second": 20}), POLITE)[0] == 0.2
    assert pace_of(source(politeness={"requests_per_second": 0.5, "concurrency": 3}), POLITE) == (2.0, 3)
    assert pace_of(source(politeness={"requests_per_second": 0.5}), PolitenessSettings(interval=0))[0] == 0


def test_the_median_of_the_last_runs_is_what_the_next_one_takes():
    past = Past((PastRun(100, 400.0), PastRun(110, 500.0), PastRun(5_000, 9_000.0)))
    load = load_of(source(), past, POLITE)
    assert (load.requests, load.seconds, load.runs) == (110, 500.0, 3)
    slower = load_of(source(politeness={"requests_per_second": 0.1}), past, POLITE)
    assert slower.seconds == 1_090


def test_the_history_is_read_from_the_state(tmp_path):
    with closing(open_state(tmp_path / "state.db")) as state:
        state.conn.executemany(
            "INSERT INTO run (id, source_id, started_at, ended_at, verdict, requests, live) VALUES (?,?,?,?,?,?,?)",
            [
                (
                    f"r{n}",
                    "quelle",
                    (NOW + timedelta(days=n)).isoformat(),
                    (NOW + timedelta(days=n, minutes=n)).isoformat(),
                    verdict,
                    n,
                    40 + n,
                )
                for n, verdict in enumerate(["complete"] * 6 + ["failed", "held", "partial"])
            ],
        )
        links = [
            ("https://a.example/1", "ok", 1, 0, None, None),
            ("https://a.example/2", "ok", 9, 0, NOW - timedelta(days=1), None),
            ("https://a.example/3", "dead", 0, 9, NOW + timedelta(hours=5, minutes=1), None),
            ("https://a.example/4", "ok", 2, 0, NOW, NOW),
        ]
        state.conn.executemany(
            "INSERT INTO link (url, host, domain, state, streak, failures, next_at, removed_at, added_at)"
            " VALUES (?, 'a.example', 'a.example', ?, ?, ?, ?, ?, '')",
            [(*row[:4], *(at.isoformat() if at else None for at in row[4:])) for row in links],
        )
        state.conn.executemany(
            "INSERT INTO link_observation (link_id, run_id, at, method, code, rules, decisive) VALUES (1, 'r', '', 'HEAD', '', 1, ?)",
            [(1,), (1,), (0,)],
        )
        found = read_history(state.conn, ["quelle", "neu"], NOW)
    assert [run.requests for run in found.past["quelle"].runs] == [5, 4, 3, 2, 1]
    assert found.past["neu"].runs == ()
    assert found.services == 48
    assert found.requests_per_link == 1.5
    hour = datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert sorted(found.waiting, key=lambda one: (one.at, one.wait)) == [
        Waiting("a.example", NOW, HEALTHY[1], 1),
        Waiting("a.example", NOW, HEALTHY[-1], 1),
        Waiting("a.example", hour, SUSPECT[-1], 1),
    ]


def test_an_empty_workspace_has_an_empty_plan():
    made = plan()
    assert (made.sources, made.hosts, made.advice) == ((), (), ())


def test_what_takes_longer_than_the_week_is_named_with_what_to_do():
    pvog = source("pvog", options={"details": True}, expectations={"services": {"max": 1_000_000}})
    made = plan(pvog)
    (host,) = made.overloaded
    assert (host.domain, host.share > 1) == ("stadt.example", True)
    assert [one.kind for one in made.advice] == ["overload", "bulk-csv", "weekly"]
    assert made.sources[0].runs == 1
    assert made.sources[0].passed == 7


@pytest.mark.parametrize(
    ("made", "kinds"),
    [
        (source("website", expectations={"services": {"max": 900}}), ["bulk-export"]),
        (source("website", expectations={"services": {"max": 90}}), []),
        (source("fim", options={"documents": True}, schedule="0 1 * * 1"), ["bulk-list"]),
        (source("pvog"), []),
        (source("xzufi", expectations={"services": {"max": 90_000}}), []),
    ],
)
def test_a_bulk_interface_is_advised_where_single_requests_are_many(made, kinds):
    assert [one.kind for one in plan(made).advice] == kinds


def test_links_that_no_check_comes_to_are_told():
    history = History(
        waiting=[Waiting("viel.example", NOW, HEALTHY[-1], 50_000), Waiting("klein.example", NOW, HEALTHY[-1], 3)]
    )
    made = plan(history=history, days=1, links={"budget": 1_000, "seconds": 600})
    large, small = made.hosts
    assert (large.domain, large.due) == ("viel.example", 50_000)
    assert large.looks + large.left == 50_000
    assert large.links_done_at is None
    assert (small.left, small.links_done_at is not None) == (0, True)
    assert [(one.kind, one.domain) for one in made.advice] == [("links-left", "viel.example")]


def test_a_host_with_an_interval_of_its_own_takes_its_time():
    history = History(waiting=[Waiting("sacht.example", NOW, HEALTHY[-1], 100)], requests_per_link=1)
    slow = HostRules([HostRule(hosts=("sacht.example",), interval=30, reason="verabredet")])
    assert plan(history=history).hosts[0].link_seconds == 100
    assert plan(history=history, rules=slow).hosts[0].link_seconds == 3_000


def test_a_longer_plan_holds_the_shorter_one():
    made = source("website", expectations={"services": {"max": 900}})
    short, long = plan(made, days=2), plan(made, days=6)
    assert long.bars[: len(short.bars)] == short.bars
    assert short.sources[0].runs < long.sources[0].runs
