"""A server on loopback for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.website.town import Town, serve


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with serve(tmp_path) as made:
        yield made
