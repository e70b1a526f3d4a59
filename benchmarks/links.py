"""``python -m benchmarks links``: this checker beside lychee and linkchecker on one loopback server, politeness off for all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.ingest import BenchmarkError
from benchmarks.measure import Measured, installed, measure
from benchmarks.peers import find_peer, linkchecker_command, linkchecker_config, lychee_command

_SAMPLE = 2_000
"""Addresses for linkchecker, which is some twenty times slower; its figures are per request."""


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """Processor time per address in microseconds, wall time in seconds, resident set in 10^6 bytes, medians of the repeats.

    Ours is the whole process: reading the addresses, asking, judging, and everything stored in ``state.db``.
    """

    urls: int
    hosts: int
    repeats: int
    cpu_ratio_to_lychee: float
    wall_ratio_to_lychee: float
    peak_rss_mb: float
    cpu_us_per_url: float
    wall_seconds: float
    requests: int
    lychee_cpu_us_per_url: float
    lychee_wall_seconds: float
    lychee_peak_rss_mb: float
    linkchecker_cpu_us_per_url: float | None
    linkchecker_urls_per_second: float | None
    second_run_requests: int
    second_run_seconds: float
    second_run_cpu_seconds: float
    known_links: int
    peak_rss_mb_with_known: float | None


def run_links(directory: Path, urls: int, hosts: int, *, peers: Path | None, repeats: int, known: int) -> LinkFigures:
    """Measure; the runs of ours and of lychee take turns, so that a busy machine troubles both.

    Raises:
        BenchmarkError: a client did not do what was asked, or lychee is not at hand.
    """
    lychee = find_peer("lychee", peers)
    if lychee is None:
        raise BenchmarkError("lychee is not on the path; name a directory to install it in: --peers DIR")
    with server(hosts) as places:
        file = directory / "urls.txt"
        addresses = [f"http://{host}:{port}/leistungen/{n}" for n in range(-(-urls // hosts)) for host, port in places][
            :urls
        ]
        file.write_text("\n".join(addresses) + "\n", encoding="utf-8")
        _warm_up(directory, addresses[0])
        ours, theirs, reports = [], [], []
        for number in range(repeats):
            theirs.append(_run_lychee(lychee, file, directory, urls))
            place = directory / f"ours-{number}"
            place.mkdir()
            measured, report = _run_ours(file, place, urls)
            ours.append(measured)
            reports.append(report)
        second, again = _run_ours(file, directory / "ours-0", 0)
        with_known = _run_known(file, directory, known) if known else None
        slow = _run_linkchecker(addresses[:_SAMPLE], directory, peers)
    cpu, wall = _median(ours, "cpu_seconds"), _median(ours, "wall_seconds")
    their_cpu, their_wall = _median(theirs, "cpu_seconds"), _median(theirs, "wall_seconds")
    return LinkFigures(
        urls=urls,
        hosts=hosts,
        repeats=repeats,
        cpu_ratio_to_lychee=round(cpu / their_cpu, 2),
        wall_ratio_to_lychee=round(wall / their_wall, 2),
        peak_rss_mb=round(max(one.peak_rss_mb for one in ours), 1),
        cpu_us_per_url=round(cpu / urls * 1e6, 1),
        wall_seconds=round(wall, 2),
        requests=int(reports[0]["requests"]),
        lychee_cpu_us_per_url=round(their_cpu / urls * 1e6, 1),
        lychee_wall_seconds=round(their_wall, 2),
        lychee_peak_rss_mb=round(max(one.peak_rss_mb for one in theirs), 1),
        linkchecker_cpu_us_per_url=round(slow.cpu_seconds / _SAMPLE * 1e6, 1) if slow else None,
        linkchecker_urls_per_second=round(_SAMPLE / slow.wall_seconds, 1) if slow else None,
        second_run_requests=int(again["requests"]),
        second_run_seconds=round(second.wall_seconds, 2),
        second_run_cpu_seconds=round(second.cpu_seconds, 2),
        known_links=known,
        peak_rss_mb_with_known=round(with_known.peak_rss_mb, 1) if with_known else None,
    )


@contextmanager
def server(hosts: int) -> Iterator[list[tuple[str, int]]]:
    """The loopback server in a process of its own; gives the addresses of its hosts."""
    command = [sys.executable, "-m", "benchmarks.link_server", str(hosts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101 -- asked for above
            yield [(host, port) for host, port in json.loads(process.stdout.readline())]
        finally:
            process.kill()


def _run_ours(file: Path, place: Path, expected: int) -> tuple[Measured, dict[str, Any]]:
    measured, text = _run([*_client(file.parent), str(file), str(place)], place / "log")
    report: dict[str, Any] = json.loads(text.strip().splitlines()[-1])
    if report["void"] or report["checked"] != expected:
        raise BenchmarkError(f"the checker did not check {expected} addresses: {report}")
    if expected and report["outcomes"] != {"ok": expected}:
        raise BenchmarkError(f"the checker misjudged the pages: {report['outcomes']}")
    return measured, report


def _client(directory: Path) -> list[str]:
    """Our client."""
    return [*installed(directory), "-m", "benchmarks.link_client"]


def _warm_up(directory: Path, address: str) -> None:
    """One address, so that the modules are compiled: installers do that, and the others came compiled."""
    place = directory / "warm-up"
    place.mkdir()
    (place / "url.txt").write_text(address + "\n", encoding="utf-8")
    _run([*_client(directory), str(place / "url.txt"), str(place)], place / "log")


def _run_known(file: Path, directory: Path, known: int) -> Measured:
    place = directory / "known"
    place.mkdir()
    sample = directory / "sample.txt"
    sample.write_text("".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:1_000]), encoding="utf-8")
    command = [*_client(directory), str(sample), str(place), "--known", str(known)]
    return _run(command, place / "log")[0]


def _run_lychee(program: str, file: Path, directory: Path, expected: int) -> Measured:
    measured, text = _run(lychee_command(program, file), directory / "lychee.log")
    told = json.loads(text[text.index("{") :])
    if told["successful"] != expected:
        raise BenchmarkError(f"lychee reached {told['successful']} of {expected} addresses")
    return measured


def _run_linkchecker(addresses: Sequence[str], directory: Path, peers: Path | None) -> Measured | None:
    program = find_peer("linkchecker", peers)
    if program is None:
        return None
    config, lines, script = directory / "linkcheckerrc", directory / "sample-urls.txt", directory / "linkchecker.sh"
    linkchecker_config(config)
    lines.write_text("\n".join(addresses) + "\n", encoding="utf-8")
    command = " ".join(f"'{part}'" for part in linkchecker_command(program, config))
    script.write_text(f"exec {command} < '{lines}'\n", encoding="utf-8")
    measured, _ = _run(["/bin/sh", str(script)], directory / "linkchecker.log")
    return measured


def _run(command: Sequence[str], log: Path) -> tuple[Measured, str]:
    measured = measure(command, cwd=Path(os.getcwd()), log=log)  # noqa: PTH109 -- modules are found from here
    text = log.read_text(encoding="utf-8")
    if measured.exit_code != 0:
        raise BenchmarkError(f"{command[0]} ended with {measured.exit_code}: {text[-2_000:]}")
    return measured, text


def _median(measured: Sequence[Measured], name: str) -> float:
    return median(float(getattr(one, name)) for one in measured)
