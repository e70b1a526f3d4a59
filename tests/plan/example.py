"""A plan that is worth looking at: PVOG asked for details, websites, a large host of links, and towns with a few."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from harvester.links.host_rules import HostRules
from harvester.links.schedule import HEALTHY
from harvester.plan.document import Plan
from harvester.plan.history import History, Past, PastRun, Waiting
from harvester.plan.plan import make_plan
from harvester.registry import Source
from harvester.workspace import Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Berlin"))
TOWNS = (
    "bottrop",
    "castrop-rauxel",
    "datteln",
    "dorsten",
    "gladbeck",
    "haltern-am-see",
    "herten",
    "marl",
    "oer-erkenschwick",
)


def example_plan() -> Plan:
    dice = random.Random(7)
    sources = [
        _source("bund-pvog", "pvog", "pvog.fitko.de", options={"details": True}, politeness={"requests_per_second": 5}),
        _source("fim-bund", "fim", "fimportal.de", options={"documents": True}, schedule="0 1 * * 1"),
        _source("land-xzufi", "xzufi", "xzufi.land.example", schedule="0 2 * * *"),
    ]
    sources += [_source(f"{town}-website", "website", f"www.{town}.example", schedule="0 4 * * *") for town in TOWNS]
    past = {"bund-pvog": Past((PastRun(88_000, 20_400.0),) * 5), "land-xzufi": Past((PastRun(40, 55.0),))}
    past |= {f"{town}-website": Past((PastRun(r := dice.randint(150, 1_400), r * 1.1),) * 3) for town in TOWNS}
    links = [("gesetze-im-internet.example", 60_000), ("bund.example", 9_000)]
    links += [(f"{town}.example", int(200 * dice.paretovariate(1))) for town in TOWNS]
    waiting = [
        Waiting(domain, NOW + timedelta(hours=12 * part), HEALTHY[-1], count // 14)
        for domain, count in links
        for part in range(14)
    ]
    settings = Settings.model_validate({"links": {"budget": 2_000}})
    return make_plan(sources, History(past, waiting, 40_000, 1.2), [], settings, HostRules(), begins=NOW, days=7)


def _source(name: str, interface: str, host: str, **more: object) -> Source:
    about = {"id": name, "title": name, "level": "kommune", "region": "055130000000", "interface": interface}
    return Source.model_validate(about | {"endpoint": f"https://{host}/", "publisher": {"name": name}} | more)
