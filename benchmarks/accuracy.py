"""``python -m benchmarks accuracy``: what this checker, lychee and linkchecker make of the hostile server's cases.

Writes the matrix as Markdown; ``docs/accuracy.md`` is its output.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from benchmarks.peers import find_peer, linkchecker_config
from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.links.check import Setup
from harvester.links.settings import LinkSettings
from harvester.links.stdin import check_lines
from tests.links.hostile.cases import CASES as ALL
from tests.links.hostile.cases import Case
from tests.links.hostile.scenes import SCENES
from tests.links.hostile.server import HostileServer

_SECONDS = 2
_PATIENCE = 15
CASES = [case for case in ALL if case.path != "/redirect/foreign"]
"""All but the one that needs a made-up name."""

_NEVER = ("-", "did not end")

_AWAY = frozenset(case.path for case in ALL if case.code == "redirect-refused")
"""Redirects that leave this machine; checkers without an address guard would follow them, so they are not given these."""

_NOT_GIVEN = ("-", "not given: it would leave this machine")

_HEADER = """# Accuracy

What three link checkers make of the same hostile server. `right` is what a person would say after opening the link:
**broken** only where the page or the host is gone or in trouble, **fine** where a citizen gets there, **unsure** where
nobody can tell without looking (the others have no word for that but "broken" or "fine"; what counts is whether a
maintainer is alarmed for nothing). This checker never says more than *suspect* after one look; *dead* needs evidence over
time (see [links](links.md)).

Each address had a process of its own, so that no case disturbs another (one checker waits for two hours where a server
asks for that). *did not end*: no answer within 15 seconds.

Made by `python -m benchmarks accuracy --peers DIR`. Each checker had {seconds} seconds per answer and one try.
"""


Told = dict[str, dict[str, tuple[str, str]]]
"""What each checker said of each address: fine, broken, unsure or ``-``, and in its own words."""


def write_accuracy(peers: Path | None, directory: Path, *, as_json: bool = False) -> str | dict[str, Any]:
    """The matrix as Markdown, or as plain data."""
    with hostile_server() as port:
        base = f"http://127.0.0.1:{port}"
        urls = [base + case.path for case in CASES]
        ours = _ours(urls, directory)
        lychee = _each(_lychee, urls, peers, directory)
        linkchecker = _each(_linkchecker, urls, peers, directory)
    told = {"this checker": ours, "lychee": lychee, "linkchecker": linkchecker}
    if as_json:
        return {
            "checkers": {name: _counts(found, base) for name, found in told.items()},
            "cases": list(_cases(told, base)),
        }
    lines = [_HEADER.format(seconds=_SECONDS), *_summary(told, base), "", *_rows(told, base)]
    return "\n".join(lines) + "\n"


@contextmanager
def hostile_server() -> Iterator[int]:
    """The hostile server in a thread of its own; gives its port."""
    ready, port = threading.Event(), [0]
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with HostileServer(SCENES) as server:
            port[0] = server.port
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield port[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)


def right(case: Case) -> str:
    """What a person would say."""
    if case.outcome in {"ok", "moved"} or case.code in {"login-page", "http-401"}:
        return "fine"
    return "broken" if case.dead else "unsure"


def _ours(urls: Sequence[str], directory: Path) -> dict[str, tuple[str, str]]:
    fetch = FetchSettings(allow_addresses=(IPv4Network("127.0.0.0/8"),), timeout=_SECONDS)
    setup = Setup(fetch, PolitenessSettings(interval=0), LinkSettings(canaries=()), directory / "snapshots")
    found: dict[str, tuple[str, str]] = {}

    def take(line: str) -> None:
        told = json.loads(line)
        kind = {"ok": "fine", "suspect": "broken"}.get(told["state"], "unsure")
        found[told["url"]] = (kind, f"{told['outcome']} ({told['code']})")

    for url in urls:
        # One by one: on the real network the cases are on as many hosts, and no breaker joins them.
        asyncio.run(check_lines([url], setup, take))
    return found


def _lychee(program: str, url: str, directory: Path) -> tuple[str, str] | None:
    file = directory / "url.txt"
    file.write_text(url + "\n", encoding="utf-8")
    command = [
        program, "--no-progress", "--verbose", "--max-retries", "0", "--timeout", str(_SECONDS), "--max-redirects", "10",
        "--format", "json", str(file),
    ]  # fmt: skip
    text = _run(command, "")
    if "{" not in text:
        return None
    told = json.loads(text[text.index("{") :])
    for kind, key in (("broken", "error_map"), ("broken", "timeout_map"), ("fine", "success_map")):
        for entries in told.get(key, {}).values():
            for entry in entries:
                return kind, str(entry["status"].get("text", ""))[:50]
    return "fine", "reached"


def _linkchecker(program: str, url: str, directory: Path) -> tuple[str, str] | None:
    config = directory / "linkcheckerrc"
    linkchecker_config(config, threads=1)
    command = [
        program, "--stdin", "--config", str(config), "--no-robots", "--no-status", "--recursion-level", "0",
        "--timeout", str(_SECONDS), "--verbose", "--output", "csv/utf-8",
    ]  # fmt: skip
    lines = [line for line in _run(command, url + "\n").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";"):
        warning, result = (row.get("warningstring") or "").strip(), (row.get("result") or "").strip()
        kind = "broken" if row.get("valid") != "True" else ("unsure" if warning else "fine")
        return kind, ((warning or result).splitlines() or [""])[0][:50]
    return None


def _each(
    check: Callable[[str, str, Path], tuple[str, str] | None], urls: Sequence[str], peers: Path | None, directory: Path
) -> dict[str, tuple[str, str]]:
    program = find_peer(check.__name__.strip("_"), peers)
    if program is None:
        return {}

    def one(numbered: tuple[int, str]) -> tuple[str, tuple[str, str]]:
        if any(numbered[1].endswith(path) for path in _AWAY):
            return numbered[1], _NOT_GIVEN
        place = directory / f"{check.__name__}-{numbered[0]}"
        place.mkdir()
        return numbered[1], check(program, numbered[1], place) or _NEVER

    with ThreadPoolExecutor(3) as pool:
        return dict(pool.map(one, enumerate(urls)))


def _run(command: Sequence[str], lines: str) -> str:
    """What a checker printed before it ended or was stopped."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, input=lines, timeout=_PATIENCE)
    except subprocess.TimeoutExpired as error:
        # Some print their result and then hang.
        return error.stdout.decode("utf-8", errors="replace") if isinstance(error.stdout, bytes) else ""
    return done.stdout


def _counts(found: dict[str, tuple[str, str]], base: str) -> dict[str, int]:
    """False alarms and misses. An alarm is false where the page is fine or nobody can tell."""
    given = [(right(case), found.get(base + case.path, ("-", ""))) for case in CASES]
    pairs = [(true, said[0]) for true, said in given if said is not _NOT_GIVEN]
    return {
        "false_alarms": sum(said == "broken" and true != "broken" for true, said in pairs),
        "missed": sum(said == "fine" and true == "broken" for true, said in pairs),
        "bold": sum(said == "fine" and true == "unsure" for true, said in pairs),
        "right": sum(true == said for true, said in pairs),
        "given": len(pairs),
    }


def _summary(told: Told, base: str) -> Iterator[str]:
    yield "| checker | false alarms (said broken: fine or unsure) | missed (said fine: broken) | said fine: unsure | right |"
    yield "|---|---|---|---|---|"
    for name, found in told.items():
        n = _counts(found, base)
        yield f"| {name} | {n['false_alarms']} | {n['missed']} | {n['bold']} | {n['right']} of {n['given']} |"


def _cases(told: Told, base: str) -> Iterator[dict[str, Any]]:
    for case in CASES:
        said = {name: found.get(base + case.path, ("-", "not told")) for name, found in told.items()}
        words = {name: {"said": kind, "detail": detail} for name, (kind, detail) in said.items()}
        yield {"case": case.path, "right": right(case), "checkers": words}


def _rows(told: Told, base: str) -> Iterator[str]:
    yield f"| case | right | {' | '.join(told)} |"
    yield "|---|---|" + "---|" * len(told)
    for case in CASES:
        cells = []
        for found in told.values():
            kind, detail = found.get(base + case.path, ("-", "not told"))
            mark = "" if kind == right(case) or (kind, detail) == _NOT_GIVEN else " ✗"
            cells.append(f"{kind}{mark}: {detail}".replace("|", "/").replace("\n", " "))
        yield f"| `{case.path}` | {right(case)} | {' | '.join(cells)} |"
