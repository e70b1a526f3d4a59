"""A body is stored once, whole or not at all."""

import csv
import io
import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from harvester.fetch import SnapshotBrokenError, SnapshotStore
from harvester.fetch.snapshots import SPOOL

BODY = "Zeile;Gebühr\r\n1;5 €\r\n".encode()
LARGE = bytes(range(256)) * (SPOOL // 128)


@pytest.fixture
def store(tmp_path) -> SnapshotStore:
    return SnapshotStore(tmp_path)


def stored(store: SnapshotStore) -> list[Path]:
    return [path for path in store.directory.rglob("*") if path.is_file()]


@pytest.mark.parametrize("body", [b"", BODY, LARGE])
def test_a_body_lies_compressed_under_its_hash(store: SnapshotStore, body: bytes) -> None:
    name = store.put(body)
    assert name == sha256(body).hexdigest()
    assert stored(store) == [store.directory / name[:2] / name[2:4] / f"{name}.zst"]
    assert store.has(name)
    assert store.read(name) == body
    store.verify(name)


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_how_it_arrives_does_not_matter(tmp_path_factory, pieces: list[bytes]) -> None:
    store = SnapshotStore(tmp_path_factory.mktemp("store"))
    with store.writer() as writer:
        for piece in pieces:
            writer.write(piece)
        name = writer.commit()
    assert store.read(name) == b"".join(pieces)
    assert writer.size == len(b"".join(pieces))


@pytest.mark.parametrize("body", [BODY, LARGE])
def test_the_same_body_costs_no_second_file(store: SnapshotStore, body: bytes) -> None:
    path = store.path(store.put(body))
    before = path.stat()
    store.put(body)
    assert stored(store) == [path]
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_known_small_body_touches_no_disk(store: SnapshotStore, monkeypatch) -> None:
    store.put(BODY)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", None)
    store.put(BODY)


@pytest.mark.parametrize("body", [BODY, LARGE])
def test_without_commit_nothing_stays(store: SnapshotStore, body: bytes) -> None:
    with store.writer() as writer:
        writer.write(body)
    assert stored(store) == []


def test_a_killed_writer_leaves_no_half_file_under_a_final_name(store: SnapshotStore) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from harvester.fetch.snapshots import SnapshotStore\n"
        "with SnapshotStore(Path(sys.argv[1])).writer() as writer:\n"
        "    writer.write(os.urandom(5_000_000)); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    run = subprocess.run([sys.executable, "-c", program, str(store.directory)], check=False)
    assert run.returncode == -signal.SIGKILL
    assert [path.parent.name for path in stored(store)] == ["incoming"]
    assert store.sweep(before=0) == 0
    assert store.sweep(before=float("inf")) == 1
    assert stored(store) == []


def test_a_file_gets_its_name_only_after_it_is_on_the_disk(store: SnapshotStore, monkeypatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("flush"), fsync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda path, target: (done.append("rename"), replace(path, target))[1])
    store.put(BODY)
    assert done == ["flush", "rename", "flush"]


def test_the_stream_reads_like_a_file(store: SnapshotStore) -> None:
    name = store.put(BODY)
    with store.open(name) as stream:
        assert stream.read(5) == BODY[:5]
        assert stream.readline() == b";Geb\xc3\xbchr\r\n"
        assert stream.read() == b"1;5 \xe2\x82\xac\r\n"
        assert stream.read(1) == b""
    assert stream.closed
    with io.TextIOWrapper(store.open(name), "utf-8", newline="") as text:
        assert list(csv.reader(text, delimiter=";")) == [["Zeile", "Gebühr"], ["1", "5 €"]]


def test_a_limit_bounds_what_is_read(store: SnapshotStore) -> None:
    assert store.read(store.put(BODY), limit=5) == BODY[:5]


def test_a_missing_body_is_missing(store: SnapshotStore) -> None:
    name = sha256(b"nie gesehen").hexdigest()
    assert not store.has(name)
    with pytest.raises(FileNotFoundError):
        store.open(name)


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", "/" * 64, "." * 64])
def test_a_name_that_is_no_hash_is_no_path(store: SnapshotStore, name: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        store.path(name)


@pytest.mark.parametrize("damage", [b"", b"\x28\xb5\x2f\xfd", zstandard.compress(b"etwas anderes")])
def test_damage_is_found(store: SnapshotStore, damage: bytes) -> None:
    name = store.put(BODY)
    store.path(name).write_bytes(damage)
    with pytest.raises(SnapshotBrokenError, match=name):
        store.verify(name)


def test_a_cut_off_file_is_found(store: SnapshotStore) -> None:
    name = store.put(LARGE)
    path = store.path(name)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SnapshotBrokenError):
        store.verify(name)
