"""The application over the catalogue of two days."""

import pytest
from fastapi.testclient import TestClient

from harvester.portal.app import make_app
from harvester.portal.settings import Settings
from tests.two_days import two_days

__all__ = ["two_days"]


@pytest.fixture
def app(two_days):
    return make_app(Settings(two_days.catalogue, "gelsenkirchen", two_days.root))


@pytest.fixture
def client(app):
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as asking:
        yield asking


@pytest.fixture
def get(client):
    """Ask the API for an answer that has to be there."""

    def ask(path, **more):
        answer = client.get(f"/api/v1{path}", **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask
