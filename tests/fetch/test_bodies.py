"""A body arrives as it was meant, or not at all."""

import asyncio
import gzip
import zlib
from collections.abc import Callable
from hashlib import sha256

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from harvester.fetch.decode import DecodeError, decoder
from harvester.fetch.errors import BrokenBody
from tests.fetch.road import MIDNIGHT, FakeTime, answer, fetch_raw, files

TEXT = "Ummeldung des Wohnsitzes, Gebühr: 5 €\n".encode() * 2_000


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


ENCODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "gzip in two members": ("gzip", lambda body: gzip.compress(body[:7]) + gzip.compress(body[7:])),
    "gzip by its old name": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
    "zstd in two frames": ("zstd", lambda body: zstandard.compress(body[:7]) + zstandard.compress(body[7:])),
    "none": ("identity", bytes),
}


@pytest.mark.parametrize("kind", ENCODERS)
def test_what_is_kept_is_the_decoded_body(tmp_path, kind: str) -> None:
    name, encode = ENCODERS[kind]
    time = FakeTime()
    headers = (f"Content-Encoding: {name}", "Content-Type: Text/XML; charset=UTF-8")
    got = fetch_raw(tmp_path, [answer(encode(TEXT), *headers)], clock=time.clock)
    assert got.body == TEXT
    document = got.document
    assert document is not None
    assert (document.sha256, document.size) == (sha256(TEXT).hexdigest(), len(TEXT))
    assert (document.media_type, document.charset, document.fetched_at) == ("text/xml", "utf-8", MIDNIGHT)
    with document.open() as stream:
        assert stream.read() == TEXT


@given(st.binary(max_size=5_000), st.sampled_from(sorted(ENCODERS)), st.integers(1, 700))
def test_decoding_does_not_depend_on_how_the_bytes_arrive(body: bytes, kind: str, step: int) -> None:
    name, encode = ENCODERS[kind]
    encoded = encode(body)
    parts: list[bytes] = []
    decoding = decoder(name, parts.append)
    for start in range(0, len(encoded), step):
        decoding.feed(encoded[start : start + step])
    decoding.finish()
    assert b"".join(parts) == body


@given(st.sampled_from(["gzip", "deflate", "bare deflate", "brotli", "zstd"]), st.data())
def test_a_cut_is_always_noticed(kind: str, data: st.DataObject) -> None:
    name, encode = ENCODERS[kind]
    encoded = encode(TEXT)
    cut = data.draw(st.integers(1, len(encoded) - 1))
    decoding = decoder(name, bytearray().extend)
    with pytest.raises(DecodeError):  # noqa: PT012 -- a cut may show at once or only at the end
        decoding.feed(encoded[:cut])
        decoding.finish()


@given(st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.binary(min_size=2, max_size=200))
def test_noise_raises_nothing_but_a_decode_error(name: str, noise: bytes) -> None:
    decoding = decoder(name, bytearray().extend)
    try:
        decoding.feed(noise)
        decoding.finish()
    except DecodeError:
        return


def broken(tmp_path, raw: bytes) -> BrokenBody:
    with pytest.raises(BrokenBody) as caught:
        fetch_raw(tmp_path, [raw])
    assert files(tmp_path) == []
    return caught.value


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_not_encoded_as_it_says(tmp_path, name: str) -> None:
    assert not broken(tmp_path, answer(b"<html>kein Archiv</html>", f"Content-Encoding: {name}")).transient


def test_gzip_that_is_cut_off(tmp_path) -> None:
    error = broken(tmp_path, answer(gzip.compress(TEXT)[:-9], "Content-Encoding: gzip"))
    assert "cut off" in str(error)


def test_gzip_with_a_wrong_checksum(tmp_path) -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-8] ^= 1
    broken(tmp_path, answer(bytes(packed), "Content-Encoding: gzip"))


@pytest.mark.parametrize("name", ["gzip, gzip", "compress", "aws-chunked"])
def test_codings_nobody_should_send(tmp_path, name: str) -> None:
    broken(tmp_path, answer(b"abc", f"Content-Encoding: {name}"))


def test_a_body_shorter_than_announced(tmp_path) -> None:
    error = broken(tmp_path, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nkurz")
    assert error.transient
    assert "after 4 bytes" in str(error)


def test_a_body_longer_than_announced(tmp_path) -> None:
    # A server that counts characters where umlauts take two bytes: the table would silently lose its last row.
    body = "Gebühr;5 €\nMüll;0 €\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
    assert "Content-Length (20)" in str(broken(tmp_path, head.encode() + body.encode()))


@pytest.mark.parametrize("chunks", [b"5\r\nhallo\r\n", b"5\r\nhallo\r\nzz\r\n", b"7\r\nhallo\r\n0\r\n\r\n", b""])
def test_a_broken_chunk(tmp_path, chunks: bytes) -> None:
    broken(tmp_path, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)


def test_a_connection_reset_in_the_middle(tmp_path) -> None:
    async def reset(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhallo")
        await writer.drain()
        writer.transport.abort()

    with pytest.raises(BrokenBody) as caught:
        fetch_raw(tmp_path, [reset])
    assert caught.value.transient


def test_a_part_is_not_taken_for_the_whole(tmp_path) -> None:
    broken(tmp_path, answer(b"teil", "Content-Range: bytes 0-3/100", status="206 Partial Content"))


def test_headers_keep_all_their_values(tmp_path) -> None:
    got = fetch_raw(tmp_path, [answer(b"x", "Link: <a>", "X-A: 1", "Link: <b>")])
    assert [value for name, value in got.headers if name == "link"] == ["<a>", "<b>"]
    assert got.header("X-A") == "1"
    assert got.header("x-fehlt") is None


def test_an_empty_body_is_a_body(tmp_path) -> None:
    got = fetch_raw(tmp_path, [answer(b"", "Content-Encoding: gzip")])
    assert (got.status, got.body) == (200, b"")
    assert got.document is not None
    assert got.document.size == 0


def test_without_content_type_nothing_is_guessed(tmp_path) -> None:
    document = fetch_raw(tmp_path, [answer(b"x")]).document
    assert document is not None
    assert (document.media_type, document.charset) == ("application/octet-stream", None)
