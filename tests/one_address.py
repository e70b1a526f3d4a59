"""Four sources under two names of one address, and when that address was asked."""

import json
import re
import time
from itertools import pairwise

from werkzeug import Response

from harvester.registry import read_registry
from harvester.run.run import run_sources
from harvester.workspace import Workspace

INTERVAL = 0.3
"""Seconds between two requests to a host, as its server measures them."""


def run_all(workspace):
    """Harvest all sources in one run; returns how many."""
    registry = read_registry(workspace.sources)
    return len(run_sources(workspace, registry, registry.pick(), links=False).outcomes)


def gaps_between_requests(root, httpserver, settings, harvest=run_all):
    """Harvest them with the settings; returns the seconds between the requests that the server saw."""
    asked = []

    def answer(_request):
        asked.append(time.monotonic())
        return Response("[]", content_type="application/json")

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    folder = root / "sources" / "kommune"
    folder.mkdir(parents=True)
    for n in range(4):
        told = {
            "id": f"stadt-{n}",
            "title": f"Stadt {n}",
            "level": "kommune",
            "region": "055130000000",
            "interface": "dldb",
            "endpoint": f"http://{('127.0.0.1', 'localhost')[n % 2]}:{httpserver.port}/{n}/dienstleistungen.json",
            "publisher": {"name": "Stadt"},
            "licence": {"name": "CC0-1.0"},
        }
        (folder / f"stadt-{n}.yml").write_text(
            "".join(f"{name}: {json.dumps(value)}\n" for name, value in told.items())
        )
    settings += f'[politeness]\ninterval = {INTERVAL}\n[fetch]\nallow_addresses = ["127.0.0.0/8"]\nretries = 0\n'
    workspace = Workspace(root)
    workspace.config_file.write_text(settings)
    assert harvest(workspace) == 4
    gaps = [later - before for before, later in pairwise(sorted(asked))]
    assert len(gaps) >= 3
    return gaps
