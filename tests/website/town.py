"""A town's site on loopback, and a workspace that knows it by one YAML file."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from harvester.registry import read_registry
from harvester.run.outcome import Outcome
from harvester.run.run import run_sources
from harvester.workspace import Workspace

SETTINGS = '[fetch]\nallow_addresses = ["127.0.0.0/8"]\nretries = 1\n[politeness]\ninterval = 0\n[run]\nworkers = 0\n'
TEXT = "Wer das möchte, meldet sich innerhalb von zwei Wochen bei der Gemeinde und bringt einen Ausweis mit."


def page(title: str, body: str = f"<p>{TEXT}</p>", head: str = "") -> str:
    return f"<!DOCTYPE html><html lang=de><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1>{body}</main></body></html>"


@dataclass
class Town:
    """``pages`` by path (with query where one counts): a text, a status, or a finished answer. ``asked`` are paths."""

    server: HTTPServer
    workspace: Workspace
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def home(self) -> str:
        return self.server.url_for("/").rstrip("/")

    def answer(self, request: Request) -> Response:
        path = request.full_path.rstrip("?")
        self.asked.append(path)
        found = self.pages.get(path, self.pages.get(request.path, 404))
        if callable(found):
            found = found(request)
        if isinstance(found, Response):
            return found
        if isinstance(found, int):
            return Response("<h1>Fehler</h1>", status=found, content_type="text/html")
        body = found if isinstance(found, bytes) else found.replace("{home}", self.home).encode()
        return Response(body, content_type="application/xml" if path.endswith(".xml") else "text/html; charset=utf-8")

    def sitemap(self, *paths: str) -> None:
        urls = "".join(f"<url><loc>{{home}}{path}</loc></url>" for path in paths)
        self.pages["/sitemap.xml"] = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'

    def write(self, text: str) -> None:
        folder = self.workspace.sources
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ort.yml").write_text(dedent(text).lstrip().replace("{home}", self.home), "utf-8")

    def run(self) -> Outcome:
        self.asked.clear()
        registry = read_registry(self.workspace.sources)
        assert not registry.problems
        (outcome,) = run_sources(self.workspace, registry, registry.pick(), links=False).outcomes
        return outcome

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.workspace.catalogue_file)) as db:
            return db.execute(query).fetchall()


YAML = """
    id: ort
    title: Ort
    level: kommune
    region: "055130000000"
    interface: website
    endpoint: {home}/
    publisher: {name: Ort}
"""


@contextmanager
def serve(folder: Path) -> Iterator[Town]:
    (folder / "harvester.toml").write_text(SETTINGS, "utf-8")
    with HTTPServer(host="127.0.0.1") as server:
        town = Town(server, Workspace(folder))
        server.expect_request(re.compile(".*")).respond_with_handler(town.answer)
        town.write(YAML)
        yield town
