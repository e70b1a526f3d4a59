import pytest

from harvester.matching import Model, Table, read_table

MODEL = Model(
    rank=(1.5, 1.9, 1.6, 0.5, 0.9, 0.5, 1.0, 0.6, 0.8, -0.3, -1.0, 0.0),
    judge=(-2.5, 0.6, 1.1, 0.5, 0.8, 1.5, 1.9),
    sure=0.8,
    doubtful=0.25,
)
"""Weights that stay as they are, so that a test of a rule does not change with what was learned last."""


@pytest.fixture(scope="session")
def table() -> Table:
    return read_table()


@pytest.fixture
def model() -> Model:
    return MODEL
