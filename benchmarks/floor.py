"""The floor: what reading a message costs when nothing is done with it. ``python -m benchmarks.floor FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

from lxml import etree


def count_records(path: Path) -> int:
    """Parse a message record by record and forget each at once, so that memory stays flat."""
    count = 0
    for _, record in etree.iterparse(path, tag="{*}schreibe"):
        count += 1
        record.clear()
        parent = record.getparent()
        while parent is not None and record.getprevious() is not None:
            del parent[0]
    return count


if __name__ == "__main__":
    print(count_records(Path(sys.argv[1])))
