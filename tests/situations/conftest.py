import pytest

from harvester.situations import read_knowledge


@pytest.fixture(scope="session")
def knowledge():
    return read_knowledge()
