"""All benchmarks one after another, each a process of its own, and one table of what they measured beside what is wanted.

Which, how large and what is wanted stands in ``aims.yml``. A benchmark that fails costs its own rows, not the others'.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from benchmarks.ingest import ROOT, BenchmarkError

AIMS = Path(__file__).with_name("aims.yml")
BEGIN = "<!-- what `make bench` measured -->"
END = "<!-- end of what `make bench` measured -->"


class Aim(NamedTuple):
    """What is wanted of a figure. ``figure`` may be a pattern with ``*``: then the worst of those that fit counts."""

    figure: str
    says: str
    at_most: float | None = None
    at_least: float | None = None

    def value(self, figures: Mapping[str, Any]) -> float | None:
        """The figure this is about, or none if it was not measured."""
        fit = [float(v) for name, v in figures.items() if v is not None and fnmatchcase(name, self.figure)]
        return (min(fit) if self.at_most is None else max(fit)) if fit else None

    def met(self, value: float) -> bool:
        """Whether a value is as wanted."""
        return (self.at_most is None or value <= self.at_most) and (self.at_least is None or value >= self.at_least)


class Benchmark(NamedTuple):
    """One to run: its command line, the same with little data, and what is wanted of its figures."""

    run: str
    quick: str
    aims: tuple[Aim, ...]


class Outcome(NamedTuple):
    """What one of them came to: its figures, or why there are none; ``seconds`` it took."""

    benchmark: Benchmark
    command: str
    figures: Mapping[str, Any]
    error: str
    seconds: float


def read_aims(file: Path = AIMS) -> list[Benchmark]:
    """The benchmarks of the table, in their order."""
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [Benchmark(row["run"], row["quick"], tuple(Aim(**aim) for aim in row["aims"])) for row in rows]


def run_bench(asked: argparse.Namespace, directory: Path) -> dict[str, Any] | str:
    """Do what the command line asked for; returns the table, or all figures by benchmark.

    Raises:
        BenchmarkError: a name or a document is wrong. A benchmark that fails is a row of the table.
    """
    if asked.write is not None:
        if asked.quick or asked.only:
            raise BenchmarkError("--write takes the whole table: leave --quick and --only away")
        find_place(asked.write)
    tell = partial(print, file=sys.stderr, flush=True)
    outcomes = run_all(directory, asked.peers, quick=asked.quick, only=asked.only or (), tell=tell)
    table = as_markdown(outcomes, datetime.now(UTC).date())
    if asked.write is not None:
        write_table(asked.write, table)
    if asked.json:
        return {one.command: dict(one.figures) or one.error for one in outcomes}
    return table


def run_all(
    directory: Path, peers: Path | None, *, quick: bool = False, only: Sequence[str] = (), tell: Callable[[str], None]
) -> list[Outcome]:
    """Run all benchmarks, or ``only`` those of these names; ``tell`` hears of each when it begins and ends.

    Raises:
        BenchmarkError: there is none of that name.
    """
    known = read_aims()
    if strange := set(only) - {one.run.split()[0] for one in known}:
        names = ", ".join(one.run.split()[0] for one in known)
        raise BenchmarkError(f"no benchmark is named {', '.join(sorted(strange))}; there are: {names}")
    found = []
    for one in known:
        if only and one.run.split()[0] not in only:
            continue
        told = (one.quick if quick else one.run).format(directory=directory, peers=peers or directory / "peers")
        tell(f"python -m benchmarks {told}")
        found.append(_run(one, told))
        tell(f"  {found[-1].seconds:,.0f} s{'; ' + found[-1].error.strip() if found[-1].error else ''}")
    return found


def _run(one: Benchmark, told: str) -> Outcome:
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks", *shlex.split(told), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    seconds = time.monotonic() - began
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        return Outcome(one, told, {}, f"ended with {done.returncode}: {why}", seconds)
    return Outcome(one, told, json.loads(done.stdout), "", seconds)


def as_markdown(outcomes: Sequence[Outcome], today: date) -> str:
    """The table, with where and when it was measured, and the figures that no aim is about below it."""
    cores = os.cpu_count() or 1
    lines = [
        f"Measured on {today:%-d %B %Y}, {cores} cores, Python {platform.python_version()}, load at the end {os.getloadavg()[0]:.1f}:",
        "",
        "| what | measured | wanted | |",
        "|---|---|---|---|",
        *(row for one in outcomes for row in _rows(one)),
        "",
        "The commands, and what else they took:",
        "",
        *(_told(one) for one in outcomes),
    ]
    return "\n".join(lines) + "\n"


def _rows(outcome: Outcome) -> Iterator[str]:
    for aim in outcome.benchmark.aims:
        wanted = f"at least {aim.at_least:g}" if aim.at_most is None else f"at most {aim.at_most:,g}"
        value = aim.value(outcome.figures)
        if value is None:
            yield f"| {aim.says} | – | {wanted} | **not measured** |"
        else:
            yield f"| {aim.says} | {_number(value)} | {wanted} | {'met' if aim.met(value) else '**missed**'} |"


def _told(outcome: Outcome) -> str:
    named = re.sub(r" --(?:keep|peers|catalogue) \S+", "", outcome.command)
    head = f"- `python -m benchmarks {named}` ({outcome.seconds:,.0f} s)"
    if outcome.error:
        return f"{head}: {outcome.error}"
    rest = (
        f"`{name}` {_number(value) if isinstance(value, int | float) else value}"
        for name, value in outcome.figures.items()
        if value is not None and not any(fnmatchcase(name, aim.figure) for aim in outcome.benchmark.aims)
    )
    return f"{head}: {', '.join(rest)}"


def _number(value: float) -> str:
    """As many digits as tell something: four of them, and whole numbers whole."""
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.{max(0, 3 - len(str(int(abs(value)))))}f}" if abs(value) >= 1 else f"{value:.3g}"


def write_table(file: Path, table: str) -> None:
    """Put the table between the two markers of a document.

    Raises:
        BenchmarkError: the document has not got them.
    """
    before, after = find_place(file)
    file.write_text(f"{before}\n\n{table}\n{after}", encoding="utf-8")


def find_place(file: Path) -> tuple[str, str]:
    """The text of a document up to the place of the table, and from its end on; both with their marker.

    Raises:
        BenchmarkError: the document cannot be read, or has not got the markers.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise BenchmarkError(f"cannot read {file}: {error.strerror}") from error
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin:
        raise BenchmarkError(f"{file} has no place for the table: it must hold the lines {BEGIN} and {END}")
    return text[: begin + len(BEGIN)], text[end:]
