"""A maintainer's afternoon: doing only what the report prints ends with a report that needs nobody."""

import json
import shlex
import socket
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from harvester.cli import main
from tests.safety.town import town_at

KNOWN = ("Personalausweis beantragen", "Wohnsitz anmelden", "Gewerbe anmelden", "Führerschein beantragen")
UNSORTED = ("Qwx Zrbl", "Xylo Fnark", "Brzl Okta", "Wumm Trila", "Plonk Dezzi")
DAYS_AGO = (13, 11, 7, 3, 0)
pytestmark = pytest.mark.slow


class Portal(BaseHTTPRequestHandler):
    """A municipal site: pages, some that have moved for good, and nothing under ``/weg``."""

    def do_GET(self):
        if self.path.startswith("/alt/"):
            self.send_response(301)
            self.send_header("Location", self.path.replace("/alt/", "/neu/"))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path.startswith(("/da/", "/neu/")):
            page = f"<!doctype html><title>Seite {self.path}</title><h1>{self.path}</h1>{'Text. ' * 50}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(page)
        else:
            self.send_error(404)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, *_):
        """Say nothing."""


def serve(host, port=0):
    server = ThreadingHTTPServer((host, port), Portal)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


@pytest.fixture
def portal():
    server = serve("127.0.77.1")
    yield f"http://127.0.77.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def broken():
    """A host that nobody answers at, and what its operator does after the mail."""
    with socket.socket() as probe:
        probe.bind(("127.0.78.1", 0))
        port = probe.getsockname()[1]
    mended = []
    yield f"http://127.0.78.1:{port}", lambda: mended.append(serve("127.0.78.1", port))
    for server in mended:
        server.shutdown()
        server.server_close()


@pytest.fixture
def town(tmp_path):
    with town_at(tmp_path / "workspace") as made:
        made.configure(run={"workers": 0}, links={"canaries": [], "budget": 1000})
        yield made


def document(services):
    """Services with their links, as Berlin writes them."""
    data = [
        {"id": key, "name": title, "onlineprocessing": {"description": title, "link": url or False}}
        for key, title, url in services
    ]
    return json.dumps({"datacount": len(data), "data": data}).encode()


@pytest.fixture
def say(town, capsys):
    """A command line of the report, as a person completes it."""

    def say(line, **values):
        words = shlex.split(line)
        assert words[0] == "harvester"
        values = {"because": "Mit der Stadt besprochen.", **values}
        filled = [
            values["because"] if word == "…" and words[n - 1] == "--because" else values.get("gap", word) if word == "…" else word
            for n, word in enumerate(words)
        ]  # fmt: skip
        code = main(["-w", str(town.root), "--json", *filled[1:]])
        out, err = capsys.readouterr()
        return code, out, err

    return say


def harvest(say, days_ago):
    at = datetime.now(UTC) - timedelta(days=days_ago)
    return say(f"harvester run --at {at.isoformat()}")


def needs(say):
    code, out, err = say("harvester report")
    assert code == 0, err
    return json.loads(out)["needs"]


def test_an_afternoon(town, say, portal, broken, monkeypatch):
    address, mend = broken
    links = (
        [f"{portal}/weg/{n}" for n in range(3)]
        + [f"{portal}/alt/{n}" for n in range(2)]
        + [f"{address}/da/{n}" for n in range(4)]
    )
    stadt = [(f"s{n}", KNOWN[n % 4] + f" {n}" * (n > 3), url) for n, url in enumerate(links)]
    stadt += [(f"u{n}", title, "") for n, title in enumerate(UNSORTED)]
    town.add("stadt", {}, max_drop=0.9)
    town.add("kreis", dict(enumerate(KNOWN)), services={"min": 3})
    town.instead["stadt"] = document(stadt)
    town.instead["kreis"] = document([(f"k{n}", title, "") for n, title in enumerate(KNOWN)])
    for days_ago in DAYS_AGO[:-1]:
        harvest(say, days_ago)
    town.instead["kreis"] = document([("k0", KNOWN[0], "")])
    assert harvest(say, 0)[0] == 1

    found = {need["kind"]: need for need in needs(say)}
    assert set(found) == {"held", "host", "dead_links", "suggestions", "unsorted"}
    assert len(found["dead_links"]["links"]) == 3
    assert len(found["suggestions"]["links"]) == 2
    assert len(found["unsorted"]["rows"]) == 5

    approve = next(command for command in found["held"]["commands"] if "approve" in command)
    assert say(approve)[0] == 0

    assert "antwortet" in found["host"]["mail"]["body"]
    mend()  # its operator has read the mail
    (check,) = found["host"]["commands"]
    assert say(check)[0] == 0

    with closing(sqlite3.connect(town.workspace.catalogue_file)) as db:
        situation = db.execute("SELECT id FROM situation ORDER BY id").fetchone()[0]
    for command in found["unsorted"]["commands"]:
        code, _, err = say(command, gap=situation)
        assert code == 0, err

    monkeypatch.chdir(town.root)
    dead, moved = found["dead_links"], found["suggestions"]
    assert all("confirm" in command for command in dead["commands"])  # nobody saw them alive, and nothing is proposed
    assert dead["mail"]["body"]
    assert say(f'harvester report --done {dead["key"]} --because "…"', because="Mail an die Stadt")[0] == 0
    for command in moved["commands"]:
        code, _, err = say(command)
        assert code == 0, err
    with closing(sqlite3.connect(town.workspace.catalogue_file)) as db:
        rows = db.execute("SELECT stated_url, replaces FROM v_service_link WHERE replaces <> '' ORDER BY 1").fetchall()
    assert rows == [(f"{portal}/neu/{n}", f"{portal}/alt/{n}") for n in range(2)]
    assert needs(say) == []
    page = max((town.root / "reports").glob("20*.html"))
    assert "Heute braucht es niemanden." in page.read_text("utf-8")
