"""An unchanged body costs a question, not a transfer; and the answer is never without a body."""

import asyncio
from collections.abc import Sequence

import pytest

from harvester.fetch import Ask, Fetched, MemoryValidators, SnapshotStore
from tests.fetch.road import RawServer, answer, make_fetcher

FULL = answer(
    b"<xml/>", 'ETag: "1"', "Last-Modified: Mon, 23 Nov 2026 00:00:00 GMT", "Content-Type: text/xml; charset=utf-8"
)
UNCHANGED = answer(b"", status="304 Not Modified")


def visit(
    tmp_path, answers: Sequence[bytes], asks: Sequence[dict], between=lambda: None
) -> tuple[list[Fetched], list[str]]:
    async def go() -> tuple[list[Fetched], list[str]]:
        got = []
        async with RawServer(*answers) as server, make_fetcher(tmp_path, validators=MemoryValidators()) as fetcher:
            for ask in asks:
                got.append(await fetcher.fetch(Ask(server.url, **ask)))
                between()
            return got, server.heads

    return asyncio.run(go())


def test_the_second_time_the_server_is_asked_what_changed(tmp_path) -> None:
    (first, second), heads = visit(tmp_path, [FULL, UNCHANGED], [{}, {}])
    assert "If-None-Match" not in heads[0]
    assert 'If-None-Match: "1"' in heads[1]
    assert "If-Modified-Since: Mon, 23 Nov 2026 00:00:00 GMT" in heads[1]
    assert (second.status, second.not_modified, second.ok, second.body) == (304, True, True, b"<xml/>")
    assert first.document is not None
    assert second.document is not None
    assert second.document.sha256 == first.document.sha256
    assert (second.document.media_type, second.document.charset) == ("text/xml", "utf-8")
    with second.document.open() as stream:
        assert stream.read() == b"<xml/>"


def test_a_changed_body_replaces_the_validator(tmp_path) -> None:
    changed = answer(b"<neu/>", 'ETag: "2"')
    got, heads = visit(tmp_path, [FULL, changed, UNCHANGED], [{}, {}, {}])
    assert [answer.body for answer in got] == [b"<xml/>", b"<neu/>", b"<neu/>"]
    assert 'If-None-Match: "2"' in heads[2]
    assert "If-Modified-Since" not in heads[2]


def test_without_the_body_nothing_is_asked_conditionally(tmp_path) -> None:
    def clean_up() -> None:
        for path in (tmp_path / "snapshots").rglob("*.zst"):
            path.unlink()

    got, heads = visit(tmp_path, [FULL, FULL], [{}, {}], clean_up)
    assert "If-None-Match" not in heads[1]
    assert got[1].body == b"<xml/>"


def test_a_body_that_vanishes_while_the_server_is_asked(tmp_path, monkeypatch) -> None:
    present = iter([True, False])
    monkeypatch.setattr(SnapshotStore, "has", lambda *_: next(present))
    got, heads = visit(tmp_path, [FULL, UNCHANGED, FULL], [{}, {}])
    assert ["If-None-Match" in head for head in heads] == [False, True, False]
    assert (got[1].status, got[1].body) == (200, b"<xml/>")


@pytest.mark.parametrize(
    "ask",
    [
        {"conditional": False},
        {"store": False},
        {"method": "POST"},
        {"body": b"x"},
        {"headers": (("Accept", "text/csv"),)},
        {"headers": (("Accept-Language", "en"),)},
    ],
)
def test_other_questions_are_not_mixed_up(tmp_path, ask: dict) -> None:
    _, heads = visit(tmp_path, [FULL, FULL], [{}, ask])
    assert "If-None-Match" not in heads[1]


def test_a_spider_cannot_ask_conditionally_past_the_road(tmp_path) -> None:
    _, heads = visit(
        tmp_path, [FULL], [{"headers": (("If-None-Match", '"9"'), ("User-Agent", "x"), ("Accept-Encoding", "x"))}]
    )
    assert "If-None-Match" not in heads[0]
    assert heads[0].count("User-Agent: egov-harvester/") == 1
    assert "Accept-Encoding: gzip, deflate, br, zstd\r\n" in heads[0]


@pytest.mark.parametrize("status", ["404 Not Found", "500 Error", "203 Non-Authoritative"])
def test_only_a_plain_success_is_remembered(tmp_path, status: str) -> None:
    _, heads = visit(tmp_path, [answer(b"x", 'ETag: "1"', status=status), FULL], [{"retries": 0}, {}])
    assert "If-None-Match" not in heads[1]


def test_a_304_nobody_asked_for_is_no_success(tmp_path) -> None:
    got, _ = visit(tmp_path, [UNCHANGED], [{}])
    assert (got[0].ok, got[0].not_modified, got[0].document) == (False, False, None)


def test_the_hop_that_answered_is_remembered(tmp_path) -> None:
    moved = answer(b"", "Location: /neu", status="302 Found")
    got, heads = visit(tmp_path, [moved, FULL, moved, UNCHANGED], [{}, {}])
    assert ["If-None-Match" in head for head in heads] == [False, False, False, True]
    assert got[1].body == b"<xml/>"
