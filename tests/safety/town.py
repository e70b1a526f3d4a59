"""Small sources on loopback, and a workspace that harvests them: for tests of whole commands.

Each source has an address of 127.0.0.0/8 to itself, so that several are harvested at once. What a source says may be changed,
broken, cut off or held back at any time.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from harvester.workspace import Workspace
from tests.build import ask
from tests.normalizers.xzufi.making import message, service

ROOT = Path(__file__).resolve().parents[2]
PAGE = 10
"""Services of one XZuFi file."""

Answer = bytes | Callable[[BaseHTTPRequestHandler], None]


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        town = self.server.town
        town.asked.append(self.path)
        town.somebody_asked.set()
        found = town.pages.get(self.path) or town.answers(self.server.place).get(self.path)
        with suppress(ConnectionError):
            if found is None:
                self.send_error(404)
            elif callable(found):
                found(self)
            else:
                town.send(self, found)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    town: "Town"
    place: str


def send(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """A whole answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def cut(length: int) -> Callable[[BaseHTTPRequestHandler, bytes], None]:
    """Answers whose connection ends after so many bytes, counted from the first of the head."""

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        handler.wfile.write((head + body)[:length])
        handler.wfile.flush()
        handler.close_connection = True

    return answer


def dribble(handler: BaseHTTPRequestHandler) -> None:
    """Answer a byte now and then, and never come to an end."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 2000)  # fast enough for the least rate that is asked of a server
        handler.wfile.flush()
        time.sleep(0.2)


@dataclass
class Town:
    """A workspace with sources; ``holds`` is what each of them says: ids and titles."""

    root: Path
    holds: dict[str, dict[str, str]] = field(default_factory=dict)
    instead: dict[str, Answer] = field(default_factory=dict)
    """What a source answers instead of its document."""
    send: Callable[[BaseHTTPRequestHandler, bytes], None] = send
    asked: list[str] = field(default_factory=list)
    somebody_asked: threading.Event = field(default_factory=threading.Event)
    servers: dict[str, _Server] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)
    """What every server has besides, by path."""
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.root / "sources").mkdir(parents=True)
        self.configure()

    def configure(self, **tables: Mapping[str, Any]) -> None:
        """Write ``harvester.toml``: loopback is allowed, nobody waits, and what is given."""
        self.settings.setdefault(
            "fetch", {"contact": "https://stadt.example/", "allow_addresses": ["127.0.0.0/8"], "retries": 0}
        )
        self.settings.setdefault("politeness", {"interval": 0})
        for name, table in tables.items():
            self.settings[name] = {**self.settings.get(name, {}), **table}
        lines = [
            line
            for name, table in self.settings.items()
            for line in (f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items()))
        ]
        (self.root / "harvester.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def add(self, name: str, titles: Mapping[str, str], *, interface: str = "dldb", **expectations: Any) -> None:
        """A source that has these services."""
        self.holds[name] = dict(titles)
        if name not in self.servers:
            server = _Server((f"127.0.0.{len(self.servers) + 2}", 0), _Handler)
            server.town, server.place = self, name
            self.servers[name] = server
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.describe(name, interface=interface, **expectations)

    def describe(self, name: str, *, interface: str = "dldb", **expectations: Any) -> None:
        """Write the source's file."""
        host, port = self.servers[name].server_address[:2]
        path = "services.json" if interface == "dldb" else "daten/"
        about = {
            "id": name,
            "title": f"Stadt {name}",
            "level": "kommune",
            "region": "055130000000",
            "interface": interface,
            "endpoint": f"http://{host!s}:{port}/{path}",
            "publisher": {"name": f"Stadt {name}"},
            "expectations": {"max_drop": 0.5, **expectations},
        }
        self.file(name).write_text(json.dumps(about), "utf-8")

    def file(self, name: str) -> Path:
        return self.root / "sources" / f"{name}.yml"

    def answers(self, name: str) -> dict[str, Answer]:
        """Everything a source serves."""
        if name in self.instead:
            return {"/services.json": self.instead[name], "/daten/index.txt": self.instead[name]}
        titles = self.holds[name]
        data = [{"id": key, "name": title} for key, title in titles.items()]
        found: dict[str, Answer] = {"/services.json": json.dumps({"datacount": len(data), "data": data}).encode()}
        pages = [list(titles.items())[n : n + PAGE] for n in range(0, len(titles), PAGE)]
        found["/daten/index.txt"] = "\n".join(f"{n}.xml" for n in range(len(pages))).encode()
        for n, page in enumerate(pages):
            found[f"/daten/{n}.xml"] = message(*(service(number=key, title=title) for key, title in page)).encode()
        return found

    def close(self) -> None:
        for server in self.servers.values():
            server.shutdown()
            server.server_close()

    # -- commands -------------------------------------------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        """Read anew each time, as a command does."""
        return Workspace(self.root)

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        """A command as a process of its own, in a group of its own, that hears Ctrl-C even if the tests run in the background."""
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        command = [sys.executable, "-m", "harvester", "-w", str(self.root), *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True, **{**pipes, **more})

    # -- what became of it ----------------------------------------------------------------------------------------------

    @property
    def published(self) -> dict[str, set[str]]:
        """Titles in the catalogue by source."""
        found: dict[str, set[str]] = {}
        query = "SELECT p.source_id, s.title FROM service_source p JOIN service s ON s.id = p.service_id"
        for name, title in self.ask(query):
            found.setdefault(name, set()).add(title)
        return found

    @property
    def held(self) -> dict[str, set[str]]:
        """Titles the sources have."""
        return {name: set(titles.values()) for name, titles in self.holds.items() if titles}

    @property
    def ids(self) -> dict[tuple[str, str], str]:
        """The service of each record in the catalogue."""
        rows = self.ask("SELECT source_id, remote_id, service_id FROM service_source")
        return {(row[0], row[1]): row[2] for row in rows}

    def ask(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of the catalogue."""
        return ask(self.workspace.catalogue_file, query, *parameters)

    def build_id(self) -> str:
        return str(self.ask("SELECT value FROM meta WHERE key = 'build_id'")[0][0])


def titles(name: str, count: int, day: int = 0, start: int = 0) -> dict[str, str]:
    """Services of a source on a day; each day the titles of some are other ones."""
    return {
        f"{name}-{n}": f"Leistung {n} von {name}" + (f", Tag {day}" if day and n % 3 == day % 3 else "")
        for n in range(start, start + count)
    }


@contextmanager
def town_at(root: Path) -> Iterator[Town]:
    """A town whose servers end with the block."""
    town = Town(root)
    try:
        yield town
    finally:
        town.close()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a command with everything it started, at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def events_add_up(town: Town) -> None:
    """Events lead from nothing to what is published, each service created and removed in turns, none twice."""
    alive: set[str] = set()
    rows = town.ask("SELECT seq, kind, entity_id FROM event ORDER BY seq")
    for _, kind, entity_id in rows:
        if kind == "created":
            assert entity_id not in alive, f"{entity_id} was created twice"
            alive.add(entity_id)
        elif kind == "removed":
            alive.remove(entity_id)
        else:
            assert entity_id in alive
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert alive == {row[0] for row in town.ask("SELECT id FROM service")}
