"""What the portal says when something is wrong with it, and when it is asked too much."""

import os
import socket
import subprocess
import sys

import httpx
import pytest
from fastapi.testclient import TestClient

from harvester.portal import published
from tests.build import GELSENKIRCHEN


@pytest.fixture
def broken(app):
    """A portal with two addresses that a fault of the program is behind."""

    def fail():
        raise RuntimeError("/root/secret")

    app.add_api_route("/api/v1/broken", fail)
    app.add_api_route("/de/broken", fail)
    app.router.routes[:] = [*app.router.routes[-2:], *app.router.routes[:-2]]
    with TestClient(app, raise_server_exceptions=False) as asking:
        yield asking


def test_a_fault_of_the_program_is_told_without_its_insides(broken):
    answer = broken.get("/api/v1/broken")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    page = broken.get("/de/broken")
    assert (page.status_code, page.headers["content-type"]) == (500, "text/html; charset=utf-8")
    for told in (answer, page):
        assert "default-src 'none'" in told.headers["content-security-policy"]
        assert "secret" not in told.text
        assert "etag" not in told.headers


def test_whoever_has_anything_at_all_is_told_that_nothing_is_new(client):
    path = f"/de/{GELSENKIRCHEN}/"
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": "*"})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.get("/de/nothing/", headers={"if-none-match": "*"}).status_code == 404


def test_a_question_that_takes_too_long_is_ended_and_the_next_one_answered(client, monkeypatch):
    assert client.get("/api/v1/services?level=bund").status_code == 200
    monkeypatch.setattr(published, "_MOST", -1)
    monkeypatch.setattr(published, "_PIECE", 1)
    client.app.state.published.close()
    answer = client.get("/api/v1/services?level=bund")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    monkeypatch.undo()
    client.app.state.published.close()
    assert client.get("/api/v1/services?level=bund").status_code == 200


@pytest.fixture
def start(two_days):
    """Start ``harvester serve`` as people do."""
    begun = []

    def started(*told, workspace=two_days.root):
        command = [sys.executable, "-m", "harvester", "-w", str(workspace), "serve", *told]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        begun.append(process)
        return process

    yield started
    for process in begun:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_serves_until_it_is_told_to_stop(start, workers):
    process = start("--port", "0", "--workers", workers)
    address = process.stderr.readline().split()[0]
    assert httpx.get(f"{address}api/v1/", trust_env=False, timeout=60).json()["services"] > 0
    assert "Gelsenkirchen" in httpx.get(f"{address}de/", trust_env=False, timeout=60, follow_redirects=True).text
    process.terminate()
    assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["--portal", "entenhausen"], "there are: emscher-lippe, gelsenkirchen"),
        (["--port", "taken"], "--port names another"),
    ],
)
def test_what_it_cannot_serve_it_says(start, told, said):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(*(str(taken.getsockname()[1]) if word == "taken" else word for word in told))
        _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert said in errors
    assert "Traceback" not in errors


def test_a_damaged_catalogue_is_told_before_anything_is_served(start, tmp_path):
    (tmp_path / "catalogue.db").write_bytes(b"not a database" * 100)
    process = start("--port", "0", workspace=tmp_path)
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "harvester doctor" in errors
