"""``python -m benchmarks NAME [options]``: ingest, catalogue, serve, links, polite, search, accuracy, matching, nation; all.

Each tells its own options with ``--help``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.ingest import BenchmarkError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a benchmark and print its figures; 0 measured, 1 the figures would mean nothing, 2 wrong use."""
    asked = make_parser().parse_args(arguments)
    try:
        with _directory(asked.keep) as directory:
            found = _run(asked, Path(directory))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    if isinstance(found, str):
        print(found, end="")
        return 0
    print(json.dumps(found, indent=2) if asked.json else _table(found))
    return 0


def _run(asked: argparse.Namespace, directory: Path) -> dict[str, Any] | str:  # noqa: PLR0911 -- one per benchmark
    """The figures of a benchmark, or a document. Each is imported when it is asked for: a caller that measures is small."""
    match asked.benchmark:
        case "ingest":
            from benchmarks.ingest import run_ingest  # noqa: PLC0415 -- see above

            return asdict(run_ingest(directory, asked.services, asked.seed))
        case "catalogue":
            from benchmarks.catalogue import run_catalogue  # noqa: PLC0415 -- see above

            return asdict(run_catalogue(directory, asked.services, asked.regions, asked.seed))
        case "serve":
            from benchmarks.portal import run_portal  # noqa: PLC0415 -- see above

            return asdict(
                run_portal(
                    directory, asked.services, asked.regions, asked.rate, asked.seconds, asked.seed, asked.catalogue
                )
            )
        case "links":
            from benchmarks.links import run_links  # noqa: PLC0415 -- see above

            return asdict(
                run_links(
                    directory, asked.urls, asked.hosts, peers=asked.peers, repeats=asked.repeats, known=asked.known
                )
            )
        case "search":
            from benchmarks.search import run_search  # noqa: PLC0415 -- see above

            return asdict(run_search(directory, asked.services, asked.seed))
        case "polite":
            from benchmarks.polite import run_polite  # noqa: PLC0415 -- see above

            return asdict(run_polite(directory, asked.large, asked.links, asked.small, asked.interval))
        case "nation":
            from benchmarks.nation.command import run_command  # noqa: PLC0415 -- see above

            return run_command(asked, directory)
        case "all":
            from benchmarks.bench import run_bench  # noqa: PLC0415 -- see above

            return run_bench(asked, directory)
        case "matching":
            from benchmarks.matching import run_matching  # noqa: PLC0415 -- see above

            return run_matching(asked.write, asked.seed)
        case _:
            from benchmarks.accuracy import write_accuracy  # noqa: PLC0415 -- see above

            return write_accuracy(asked.peers, directory, as_json=asked.json)


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    verbs = parser.add_subparsers(dest="benchmark", required=True)
    ingest = verbs.add_parser("ingest", help="a first harvest of a large XZuFi source, and the same again unchanged")
    ingest.add_argument("--services", type=_positive, default=100_000, help="how many; each is about 10 KB")
    ingest.add_argument("--seed", type=int, default=1, help="another seed gives other texts (default: 1)")
    ingest.add_argument("--json", action="store_true", help="print one JSON document")
    ingest.add_argument(
        "--keep", type=_fresh, metavar="DIR", help="keep data, workspace and logs in this new directory"
    )
    catalogue = verbs.add_parser(
        "catalogue", help="build the catalogue of a whole country, and ask it what portals ask"
    )
    serve = verbs.add_parser("serve", help="pages of the catalogue of a whole country, asked for at a steady rate")
    for verb in (catalogue, serve):
        verb.add_argument("--services", type=_positive, default=1_000_000)
        verb.add_argument("--regions", type=_positive, default=11_000, help="municipalities with services of their own")
        verb.add_argument("--seed", type=int, default=1, help="another seed gives other texts (default: 1)")
    serve.add_argument("--catalogue", type=Path, metavar="FILE", help="serve this one instead of building one")
    serve.add_argument("--rate", type=float, default=50, help="pages a second (default: 50)")
    serve.add_argument("--seconds", type=float, default=60, help="for how long (default: 60)")
    links = verbs.add_parser("links", help="the link checker beside lychee and linkchecker, politeness off for all")
    links.add_argument("--urls", type=_positive, default=50_000)
    links.add_argument("--hosts", type=_positive, default=100)
    links.add_argument("--repeats", type=_positive, default=3, help="medians are printed (default: 3)")
    links.add_argument("--known", type=int, default=1_000_000, help="links that are only remembered; 0 leaves that out")
    polite = verbs.add_parser("polite", help="a polite run over a few large and many small hosts")
    polite.add_argument("--large", type=_positive, default=3, help="domains with many links")
    polite.add_argument("--links", type=_positive, default=400, help="links of each of these")
    polite.add_argument("--small", type=_positive, default=300, help="domains with one link; four share an address")
    polite.add_argument("--interval", type=float, default=0.05, help="seconds between two requests to a host")
    search = verbs.add_parser("search", help="questions as people type them, asked of a large catalogue")
    search.add_argument("--services", type=_positive, default=100_000)
    search.add_argument("--seed", type=int, default=1, help="another seed gives other descriptions (default: 1)")
    accuracy = verbs.add_parser(
        "accuracy", help="what three checkers make of the hostile server; prints docs/accuracy.md"
    )
    matching = verbs.add_parser("matching", help="LeiKa keys of Munich's services, hidden and found again")
    matching.add_argument("--seed", type=int, default=1, help="another seed deals other folds (default: 1)")
    matching.add_argument("--write", type=Path, metavar="FILE", help="write the weights learned from all of them")
    nation = verbs.add_parser(
        "nation", help="a whole country on loopback: two days of it harvested, on a cluster too, or just served"
    )
    nation.add_argument("action", nargs="?", choices=("run", "serve", "cluster"), default="run")
    nation.add_argument("--scale", type=_share, default=0.01, help="1 is 11,000 municipalities (default: 0.01)")
    nation.add_argument("--against", type=_share, metavar="SCALE", help="harvest this one first, compare, extrapolate")
    nation.add_argument("--seed", type=int, default=1, help="another seed makes another nation (default: 1)")
    nation.add_argument("--no-links", dest="links", action="store_false", help="leave the links alone")
    nation.add_argument("--haste", type=float, help="part of real latencies that hosts take (default: 0.02; served: 1)")
    nation.add_argument("--port", type=int, default=8760, help="where to serve (default: 8760); runs take any")
    everything = verbs.add_parser("all", help="all that have aims, and one table; an hour or two")
    everything.add_argument("--only", action="append", metavar="NAME", help="only this one; may be given again")
    everything.add_argument("--quick", action="store_true", help="with little data: whether all run, not how fast")
    everything.add_argument("--write", type=Path, metavar="FILE", help="put the table into docs/performance.md")
    for verb in (links, accuracy, everything):
        verb.add_argument(
            "--peers", type=Path, metavar="DIR", help="where lychee and linkchecker are, or are installed"
        )
    for verb in (catalogue, serve, links, polite, search, accuracy, matching, nation, everything):
        verb.add_argument("--json", action="store_true", help="print one JSON document")
        verb.add_argument("--keep", type=_fresh, metavar="DIR", help="keep what is made in this new directory")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError("more than 0 and at most 1")
    return number


def _fresh(text: str) -> Path:
    path = Path(text).resolve()
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise argparse.ArgumentTypeError(f"{path} is not empty: a first harvest needs a new workspace")
    return path


def _directory(keep: Path | None) -> AbstractContextManager[str | Path]:
    return nullcontext(keep) if keep else TemporaryDirectory(prefix="harvester-benchmark-")


def _table(figures: dict[str, Any]) -> str:
    width = max(map(len, figures))
    return "\n".join(
        f"{name:<{width}}  {'-' if value is None else f'{value:,}':>16}" for name, value in figures.items()
    )


if __name__ == "__main__":
    raise SystemExit(main())
