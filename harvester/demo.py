"""``harvester demo``: serve the sample federation on loopback, harvest two days of it, say what changed."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harvester.errors import Exit, HarvesterError
from harvester.portal.serve import serve
from harvester.portal.settings import Settings
from harvester.registry import read_registry
from harvester.reports.after_run import report_after_run
from harvester.run.board import look_on
from harvester.run.harvest import Clock
from harvester.run.run import RunReport, run_sources, utc_now
from harvester.run.table import print_levels, print_links, print_outcomes, print_tiles
from harvester.workspace import Workspace

_PORT = 8642
_PORTAL = "gelsenkirchen"
_SKELETON = ("harvester.toml", "sources")
_CLIENT = {"DEMO_CLIENT_ID": "emscher-lippe-demo", "DEMO_CLIENT_SECRET": "kein-geheimnis"}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A clock that shows the time of day some while ago."""

    ago: timedelta

    def __call__(self) -> datetime:
        """The time then."""
        return utc_now() - self.ago


DAY_ONE = Earlier(timedelta(hours=27))
"""The first day lies so far back that every link is due again on the second, and a page that is gone is gone for good."""


class DemoError(HarvesterError):
    """The sample federation cannot be served here."""


@dataclass(frozen=True, slots=True)
class Federation:
    """The servers of the sample, as a process of their own."""

    port: int

    def set_day(self, day: int) -> None:
        """Let all sources show another day."""
        with urlopen(Request(f"http://127.0.10.1:{self.port}/__day?day={day}", method="POST"), timeout=10):
            pass


def run_demo(console: Console, *, keep: bool, port: int | None = None) -> Exit:
    """Harvest both days and print the tables. With ``keep`` the workspace stays and its place is printed.

    With a ``port`` the portal is served there until a signal comes, with the sample's servers behind its links. One source of the
    sample is down on purpose, so a run that works as it should reports it as failed.

    Raises:
        DemoError: the sample is not installed, or its addresses cannot be used.
    """
    root = Path(tempfile.mkdtemp(prefix="harvester-demo-"))
    try:
        with serve_federation() as federation:
            workspace = lay_out(root, federation.port)
            first = _harvest(console, workspace, "Day 1", DAY_ONE)
            federation.set_day(2)
            second = _harvest(console, workspace, "Day 2", utc_now)
            _print_changes(console, workspace.catalogue_file)
            print_outcomes(console, second.outcomes)
            print_levels(console, workspace.catalogue_file)
            print_links(console, workspace.catalogue_file)
            print_tiles(console, workspace.catalogue_file, _PORTAL, "055130000000")
            if port is not None:
                _serve(console, workspace, port)
        _say_what_next(console, root if keep else None, served=port is not None)
        return Exit.DONE if first.catalogue and second.catalogue else Exit.FAILED
    finally:
        if not keep:
            shutil.rmtree(root, ignore_errors=True)


def _serve(console: Console, workspace: Workspace, port: int) -> None:
    """Serve the portal until a signal comes."""
    settings = Settings(workspace.catalogue_file, _PORTAL, workspace.root)
    try:
        serve(
            settings, "127.0.0.1", port, 1, lambda address: _say(console, f"\nThe portal: {address}  (Ctrl-C ends it)")
        )
    except OSError as error:
        raise DemoError(f"cannot listen on port {port}: {error.strerror}; --port names another") from error


def _say_what_next(console: Console, root: Path | None, *, served: bool) -> None:
    """Name the commands that show more."""
    called = Path(sys.argv[0])
    harvester = str(called) if called.name == "harvester" and not called.is_absolute() else "harvester"
    if root is not None:
        _say(console, f"\nThe workspace is kept: {root}")
        for command in (
            "explain gelsenkirchen-pvog:L100002.LB.7101 fees",
            "links list --state dead",
            "report --open",
            "serve",
        ):
            _say(console, f"  {harvester} -w {root} {command}")
    if not served:
        _say(
            console,
            f"\nAs a citizen sees it, in a browser, with the sample's servers behind the links:\n  {harvester} demo --serve",
        )


def _say(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, highlight=False)


@contextmanager
def serve_federation() -> Iterator[Federation]:
    """Serve the sample on a free port until the block ends."""
    os.environ.update({name: os.environ.get(name, value) for name, value in _CLIENT.items()})
    for port in (
        _free_port(_PORT),
        _free_port(),
        _free_port(),
    ):  # between looking and serving, another demo may take it
        command = [sys.executable, str(_sample() / "serve.py"), "--port", str(port), "--day", "1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
            if not (server.stdout and server.stdout.readline().startswith("ready")):
                server.terminate()
                said = server.stderr.read().strip() if server.stderr else ""
                continue
            try:
                yield Federation(port)
            finally:
                server.terminate()
            return
    raise DemoError(said or "the sample federation did not start")


def lay_out(root: Path, port: int) -> Workspace:
    """Make a workspace for the sample, with the port its servers listen on."""
    for name in _SKELETON:
        source = _sample() / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, root / name)
    for file in (root / "sources").rglob("*.yml"):
        file.write_text(file.read_text(encoding="utf-8").replace(f":{_PORT}", f":{port}"), encoding="utf-8")
    return Workspace(root)


def _harvest(console: Console, workspace: Workspace, title: str, clock: Clock) -> RunReport:
    registry = read_registry(workspace.sources)
    console.rule(title)
    sources = registry.pick()
    if console.is_terminal and not console.record:
        with look_on(console, sources) as watcher:
            report = run_sources(workspace, registry, sources, clock=clock, watcher=watcher)
    else:
        report = run_sources(workspace, registry, sources, clock=clock)
    if report.refused is not None:
        raise report.refused
    report_after_run(workspace, registry, clock(), console.print)
    if title == "Day 1":
        print_outcomes(console, report.outcomes)
        print_links(console, workspace.catalogue_file)
    return report


def _print_changes(console: Console, catalogue: Path) -> None:
    """What the change feed says since the first day."""
    query = """
        SELECT e.kind, coalesce(s.title, l.url, e.old, e.new), e.field, e.old, e.new FROM event e
        LEFT JOIN service s ON s.id = e.entity_id LEFT JOIN link l ON l.id = e.entity_id
        WHERE e.at > (SELECT min(at) FROM event) ORDER BY e.seq
    """
    table = Table(title="What changed since day 1", title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    for name in ("event", "service or link", "field", "before", "after"):
        table.add_column(name, overflow="fold")
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as db:
        for kind, title, field, old, new in db.execute(query):
            told = ("", "") if kind in {"created", "removed"} else (old or "", new or "")
            table.add_row(kind, *(Text(value) for value in (title, field, *told)))
    console.print(table)


def _sample() -> Path:
    """The folder of the sample: part of a checkout, not of an installed package."""
    folder = Path(__file__).parent.parent / "examples" / "emscher-lippe"
    if not folder.is_dir():
        raise DemoError("the sample federation is not here: the demo runs in a checkout of the project (make demo)")
    return folder


def _free_port(wanted: int = 0) -> int:
    """The port that is wanted, or any other when that is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.10.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DemoError(
        "no loopback address 127.0.10.1 here; on macOS: sudo ifconfig lo0 alias 127.0.10.1 up (to 127.0.10.18)"
    )
