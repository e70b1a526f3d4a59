"""``python -m benchmarks ingest --services 100000 [--seed N] [--json] [--keep DIR]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.ingest import BenchmarkError, run_ingest


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a benchmark and print its figures; 0 measured, 1 the figures would mean nothing, 2 wrong use."""
    asked = _parser().parse_args(arguments)
    try:
        with _directory(asked.keep) as directory:
            figures = asdict(run_ingest(Path(directory), asked.services, asked.seed))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(figures, indent=2) if asked.json else _table(figures))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    verbs = parser.add_subparsers(dest="benchmark", required=True)
    ingest = verbs.add_parser("ingest", help="a first harvest of a large XZuFi source, and the same again unchanged")
    ingest.add_argument("--services", type=_positive, default=100_000, help="how many; each is about 10 KB")
    ingest.add_argument("--seed", type=int, default=1, help="another seed gives other texts (default: 1)")
    ingest.add_argument("--json", action="store_true", help="print one JSON document")
    ingest.add_argument(
        "--keep", type=_fresh, metavar="DIR", help="keep data, workspace and logs in this new directory"
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _fresh(text: str) -> Path:
    path = Path(text).resolve()
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise argparse.ArgumentTypeError(f"{path} is not empty: a first harvest needs a new workspace")
    return path


def _directory(keep: Path | None) -> AbstractContextManager[str | Path]:
    return nullcontext(keep) if keep else TemporaryDirectory(prefix="harvester-benchmark-")


def _table(figures: dict[str, float]) -> str:
    width = max(map(len, figures))
    return "\n".join(f"{name:<{width}}  {value:>16,}" for name, value in figures.items())


if __name__ == "__main__":
    raise SystemExit(main())
