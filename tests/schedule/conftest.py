"""Nobody reads what the scheduler logs here."""

import pytest
import structlog


@pytest.fixture(autouse=True)
def quiet():
    with structlog.testing.capture_logs() as logged:
        yield logged
