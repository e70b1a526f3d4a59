"""Where real data lies, if anywhere: beside the project, or where HARVESTER_SHARED_DATA says."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("HARVESTER_SHARED_DATA") or Path(__file__).parents[2].parent / "shared" / "data")


def real(path: str) -> bytes:
    """The bytes of a real file; the test is skipped where it is absent."""
    file = DATA / path
    if not file.exists():
        pytest.skip(f"real data is absent: {file} (set HARVESTER_SHARED_DATA)")
    return file.read_bytes()
