"""The command: serve the nation, or harvest it, once or in two sizes."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.ingest import BenchmarkError
from benchmarks.nation.cluster import run_cluster
from benchmarks.nation.compare import compare
from benchmarks.nation.nation import Nation
from benchmarks.nation.registry import lay_out
from benchmarks.nation.run import HASTE, run_nation, warm_up
from benchmarks.nation.server import run_server


def run_command(asked: argparse.Namespace, directory: Path) -> dict[str, Any] | str:
    """Do what was asked for; returns the figures. Served with ``--keep``, the nation has a workspace there to harvest it with.

    Raises:
        BenchmarkError: the figures would mean nothing.
    """
    if asked.action == "serve":
        if asked.keep is not None:
            lay_out(directory / "workspace", Nation(asked.seed, asked.scale, asked.port))
        try:
            run_server(asked.seed, asked.scale, asked.port, 1.0 if asked.haste is None else asked.haste)
        except OSError as error:
            raise BenchmarkError(f"cannot serve on port {asked.port}: {error}") from error
        return ""
    if asked.action == "cluster":
        return run_cluster(directory, asked.seed, asked.scale)
    haste = HASTE if asked.haste is None else asked.haste
    run = partial(run_nation, seed=asked.seed, links=asked.links, haste=haste, program=warm_up(directory))
    if asked.against is None:
        return run(directory / "nation", scale=asked.scale).figures()
    # The small one before and after the large one: what else the machine does then weighs on both.
    before = run(directory / "against", scale=asked.against)
    large = run(directory / "nation", scale=asked.scale)
    after = run(directory / "against-after", scale=asked.against)
    return large.figures() | compare((before, after), large)
