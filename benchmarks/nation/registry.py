"""The registry of the nation and a workspace to harvest it with, as an operator would write them."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.nation.nation import Nation, Published

_SETTINGS = """\
# Only loopback is harvested, so politeness may rest.

[fetch]
contact = "https://example.org/harvester"
allow_addresses = ["127.0.0.0/8"]
retries = 1

[politeness]
interval = 0

[run]
workers = {workers}

[links]
budget = {budget}
canaries = []
"""


def lay_out(workspace: Path, nation: Nation, *, workers: int = 2, budget: int = 10_000_000) -> int:
    """Write ``harvester.toml`` and one YAML file per source; returns how many sources there are.

    ``budget`` bounds the links of one check, ``workers`` is the number of processes that harvest.
    """
    count = 0
    for source in nation.sources():
        count += 1
        folder = workspace / "sources" / source.level / source.region[:2]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{source.id}.yml").write_text(_yaml(source), encoding="utf-8")
    (workspace / "harvester.toml").write_text(_SETTINGS.format(workers=workers, budget=budget), encoding="utf-8")
    return count


def _yaml(source: Published) -> str:
    # what JSON writes, YAML reads
    told = {
        "id": source.id,
        "title": f"{source.title} (erfunden)",
        "level": source.level,
        "region": source.region,
        "interface": source.interface,
        "endpoint": source.endpoint,
        "options": source.options,
        "publisher": {"name": source.title},
        "licence": {"name": "CC0-1.0"},
        "expectations": {"services": {"min": source.least}},
    }
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in told.items())
