"""A reader sees one build from beginning to end, the next reader the newest, and a missing or foreign file is told of."""

import shutil
import sqlite3
import threading
from contextlib import closing

import pytest
from fastapi.testclient import TestClient

from harvester.portal.app import make_app
from harvester.portal.published import Published
from harvester.portal.settings import Settings
from harvester.view.open import NoCatalogueError


@pytest.fixture
def swap(two_days, tmp_path):
    """Publish a copy under another build id."""

    def publish(build_id):
        new = tmp_path / "catalogue.new"
        shutil.copyfile(two_days.catalogue, new)
        with closing(sqlite3.connect(new)) as db, db:
            db.execute("UPDATE meta SET value = ? WHERE key = 'build_id'", (build_id,))
        new.replace(tmp_path / "catalogue.db")

    publish("one")
    return publish


def test_a_swap_in_mid_reading_is_seen_by_the_next_reader(swap, tmp_path):
    published = Published(tmp_path / "catalogue.db")
    with published.read() as before:
        swap("two")
        assert before.db.execute("SELECT value FROM meta WHERE key = 'build_id'").fetchone()[0] == "one"
        with published.read() as after:
            assert (before.build_id, after.build_id) == ("one", "two")
    published.close()


def test_connections_are_used_again_and_closed_with_their_file(swap, tmp_path):
    published = Published(tmp_path / "catalogue.db")
    with published.read() as first:
        pass
    with published.read() as second:
        assert second.db is first.db
    swap("two")
    with published.read() as third:
        assert third.db is not first.db
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first.db.execute("SELECT 1")
    published.close()


def test_readers_never_see_two_builds_while_fifty_are_published(swap, tmp_path):
    published, stop, wrong = Published(tmp_path / "catalogue.db"), threading.Event(), []

    def read():
        while not stop.is_set():
            with published.read() as reading:
                told = {
                    reading.db.execute("SELECT value FROM meta WHERE key = 'build_id'").fetchone()[0] for _ in "abc"
                }
                if told != {reading.build_id}:
                    wrong.append(told)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(50):
        swap(f"build {number}")
    stop.set()
    for reader in readers:
        reader.join()
    assert not wrong
    with published.read() as last:
        assert last.build_id == "build 49"
    published.close()


@pytest.mark.parametrize("content", [None, b"", b"no catalogue"])
def test_without_a_catalogue_the_answer_is_come_back_later(tmp_path, content):
    file = tmp_path / "catalogue.db"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(NoCatalogueError), Published(file).read():
        pass
    with TestClient(make_app(Settings(file, "gelsenkirchen", tmp_path))) as client:
        answer = client.get("/api/v1/services")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert str(tmp_path) not in answer.text
