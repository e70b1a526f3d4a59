"""Fixtures: a catalogue that was published on two days, as several packages read it."""

import sqlite3
from collections.abc import Iterator

import pytest

from harvester.view.open import open_catalogue
from tests.build import Bench
from tests.published import publish_two_days


@pytest.fixture(scope="session")
def two_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = publish_two_days(tmp_path_factory.mktemp("two-days"))
    yield bench
    bench.state.close()


@pytest.fixture
def db(two_days: Bench) -> Iterator[sqlite3.Connection]:
    with open_catalogue(two_days.catalogue) as connection:
        yield connection
