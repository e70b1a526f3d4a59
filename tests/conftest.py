"""What holds for every test: the network ends at loopback, and property tests are repeatable."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.network_guard import NetworkGuard

GUARD = NetworkGuard()
_PATCH = pytest.MonkeyPatch()

# A deadline would make a law depend on how busy the machine is; derandomised runs make a failure repeatable.
settings.register_profile("harvester", deadline=None, derandomize=True)
settings.load_profile("harvester")


def pytest_configure() -> None:
    """Close the network before any test module is imported: some libraries bind `getaddrinfo` at import."""
    GUARD.install(_PATCH)


def pytest_unconfigure() -> None:
    """Give the network back to whoever started pytest."""
    _PATCH.undo()


@pytest.fixture(autouse=True)
def network_guard() -> Iterator[NetworkGuard]:
    """Fail a test that tried to leave the machine, even where the code under test swallowed the error."""
    GUARD.take_attempts()
    yield GUARD
    attempts = GUARD.take_attempts()
    if attempts:
        pytest.fail(f"left the machine: {'; '.join(attempts)}", pytrace=False)
