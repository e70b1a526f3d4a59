"""Certificates are always verified, against the name and not the address behind it."""

import asyncio
import ssl

import pytest
import trustme

from harvester.fetch import Ask
from harvester.fetch.errors import TlsProblem
from tests.fetch.road import RawServer, answer, make_fetcher


async def _loopback(host: str, port: int) -> list[str]:
    del host, port
    return ["127.0.0.1"]


def visit(tmp_path, host: str, authority: trustme.CA, trusted: trustme.CA | None, name: str = "stadt.test") -> str:
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(server_side)
    client_side = ssl.create_default_context()
    if trusted is not None:
        trusted.configure_trust(client_side)

    async def go() -> str:
        raw = RawServer(answer(b"sicher"))
        server = await asyncio.start_server(raw.serve, "127.0.0.1", 0, ssl=server_side)
        port = server.sockets[0].getsockname()[1]
        async with server, make_fetcher(tmp_path, tls=client_side, resolver=_loopback) as fetcher:
            got = await fetcher.fetch(Ask(f"https://{host}:{port}/"))
        return (got.body or b"").decode()

    return asyncio.run(go())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def test_a_valid_certificate_passes(tmp_path, authority: trustme.CA) -> None:
    assert visit(tmp_path, "stadt.test", authority, authority) == "sicher"


def test_a_certificate_of_another_host_is_refused(tmp_path, authority: trustme.CA) -> None:
    with pytest.raises(TlsProblem, match=r"Hostname mismatch.*andere\.test"):
        visit(tmp_path, "andere.test", authority, authority)


def test_an_unknown_issuer_is_refused(tmp_path, authority: trustme.CA) -> None:
    with pytest.raises(TlsProblem, match="certificate is not valid") as caught:
        visit(tmp_path, "stadt.test", authority, None)
    assert not caught.value.transient


def test_a_server_without_tls_is_no_secure_server(tmp_path) -> None:
    async def talk() -> None:
        # A server that speaks first, as one without TLS would answer a greeting it cannot read.
        async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            del reader
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(shout, "127.0.0.1", 0)
        async with server, make_fetcher(tmp_path) as fetcher:
            await fetcher.fetch(Ask(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"))

    with pytest.raises(TlsProblem, match="encrypted connection failed"):
        asyncio.run(talk())
