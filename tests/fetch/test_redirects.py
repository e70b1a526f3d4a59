"""Redirects are followed hop by hop; each hop is checked like a first address, and secrets stay at home."""

import asyncio

import pytest

from harvester.fetch import Ask, Fetched
from harvester.fetch.errors import AddressRefused, FetchError, InvalidAddress, SchemeRefused, TooManyRedirects
from tests.fetch.road import RawServer, answer, fetch_raw, files, make_fetcher, settings


def to(location: str, status: int = 302, *headers: str) -> bytes:
    return answer(b"", f"Location: {location}", *headers, status=f"{status} Moved")


def ask_first(tmp_path, first: RawServer, second: RawServer, ask: dict | None = None, limits=None) -> Fetched:
    async def go() -> Fetched:
        async with first, make_fetcher(tmp_path, limits) as fetcher:
            return await fetcher.fetch(Ask(first.url, **(ask or {})))

    async def both() -> Fetched:
        async with second:
            # The second server's port is known only now.
            first.answers = [part.replace(b"SECOND", str(second.port).encode()) for part in first.answers]
            return await go()

    return asyncio.run(both())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_to_the_body(tmp_path, status: int) -> None:
    got = fetch_raw(tmp_path, [to("/neu?a=1#unten", status), answer(b"da")])
    assert got.body == b"da"
    assert got.final_url.endswith("/neu?a=1")
    assert [(hop.status, hop.target) for hop in got.hops] == [(status, got.final_url)]
    assert got.document is not None
    assert got.document.url == got.url == got.hops[0].url


@pytest.mark.parametrize(
    ("location", "path"),
    [("neu", "/neu"), ("/neu", "/neu"), ("?x=1", "/?x=1"), ("/ämter", "/%C3%A4mter"), ("../a/./b", "/a/b")],
)
def test_locations_are_read_as_browsers_read_them(tmp_path, location: str, path: str) -> None:
    head = f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: {location}\r\n\r\n"
    got = fetch_raw(tmp_path, [head.encode(), answer(b"da")])
    assert got.final_url.partition("127.0.0.1:")[2].partition("/")[2] == path[1:]


def test_a_loop_ends(tmp_path) -> None:
    with pytest.raises(TooManyRedirects, match="more than 10 redirects"):
        fetch_raw(tmp_path, [to("/")])


def test_a_loop_that_a_cookie_breaks_is_no_loop(tmp_path) -> None:
    async def go() -> list[str]:
        async with RawServer(to("/", 302, "Set-Cookie: da=1"), answer(b"da")) as server, make_fetcher(tmp_path) as road:
            await road.fetch(Ask(server.url))
            await road.fetch(Ask(server.url))
            return server.heads

    heads = asyncio.run(go())
    assert ["Cookie: da=1" in head for head in heads] == [False, True, False]


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("http://169.254.169.254/latest/meta-data", AddressRefused),
        ("http://10.0.0.1/", AddressRefused),
        ("http://[::1]/", AddressRefused),
        ("http://[::ffff:10.0.0.1]/", AddressRefused),
        ("http://167772161/", AddressRefused),
        ("//192.168.0.1/", AddressRefused),
        ("file:///etc/passwd", SchemeRefused),
        ("mailto:post@stadt.example", SchemeRefused),
        ("javascript:alert(1)", SchemeRefused),
        ("ftp://stadt.example/", SchemeRefused),
        ("http://user:geheim@stadt.example/", InvalidAddress),
        ("http://stadt.example:99999/", InvalidAddress),
    ],
)
def test_a_redirect_to_where_nobody_may_go(tmp_path, location: str, error: type[FetchError]) -> None:
    with pytest.raises(error):
        fetch_raw(tmp_path, [to(location)])
    assert files(tmp_path) == []


def test_a_refused_target_is_never_contacted(tmp_path) -> None:
    # Only one address of loopback is allowed: the server on the other one stands for a machine inside.
    async def go() -> list[str]:
        inside = RawServer(answer(b"intern"))
        hidden = await asyncio.start_server(inside.serve, "127.0.0.2", 0)
        target = f"http://127.0.0.2:{hidden.sockets[0].getsockname()[1]}/"
        fetcher = make_fetcher(tmp_path, settings(allow_addresses=["127.0.0.1/32"]))
        async with hidden, RawServer(to(target)) as outside, fetcher:
            with pytest.raises(AddressRefused, match=r"127\.0\.0\.2 is loopback"):
                await fetcher.fetch(Ask(outside.url))
        return inside.heads

    assert asyncio.run(go()) == []


def test_secrets_do_not_go_to_another_origin(tmp_path) -> None:
    first, second = RawServer(to("http://127.0.0.1:SECOND/")), RawServer(answer(b"da"))
    headers = (("Authorization", "Bearer geheim"), ("X-Client-Id", "geheim"), ("Accept", "text/csv"))
    ask_first(tmp_path, first, second, {"headers": headers})
    assert "Bearer geheim" in first.heads[0]
    assert "geheim" not in second.heads[0]
    assert "Accept: text/csv" in second.heads[0]


def test_secrets_stay_within_the_origin(tmp_path) -> None:
    async def go() -> list[str]:
        async with RawServer(to("/b"), answer(b"da")) as server, make_fetcher(tmp_path) as fetcher:
            await fetcher.fetch(Ask(server.url, headers=(("Authorization", "Bearer geheim"),)))
            return server.heads

    assert ["Bearer geheim" in head for head in asyncio.run(go())] == [True, True]


@pytest.mark.parametrize("status", [307, 308])
def test_data_is_not_sent_to_another_origin(tmp_path, status: int) -> None:
    first, second = RawServer(to("http://127.0.0.1:SECOND/", status)), RawServer(answer(b"da"))
    with pytest.raises(AddressRefused, match="with data"):
        ask_first(tmp_path, first, second, {"method": "POST", "body": b"client_secret=geheim"})
    assert second.heads == []


@pytest.mark.parametrize(("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_a_post_becomes_a_get_where_the_standard_says_so(tmp_path, status: int, method: str) -> None:
    async def go() -> str:
        async with RawServer(to("/b", status), answer(b"da")) as server, make_fetcher(tmp_path) as fetcher:
            headers = (("Content-Type", "text/plain"),)
            await fetcher.fetch(Ask(server.url, method="POST", body=b"abc", headers=headers))
            return server.heads[1]

    head = asyncio.run(go())
    assert head.startswith(f"{method} /b ")
    assert ("Content-Length: 3" in head) == ("Content-Type: text/plain" in head) == (method == "POST")


@pytest.mark.parametrize("status", [300, 301, 302])
def test_a_redirect_without_target_is_an_answer(tmp_path, status: int) -> None:
    got = fetch_raw(tmp_path, [answer(b"wohin?", status=f"{status} Moved")])
    assert (got.status, got.document, got.body) == (status, None, b"wohin?")


def test_every_hop_is_asked_about(tmp_path) -> None:
    seen: list[str] = []

    async def gate(url: str) -> None:
        seen.append(url.rpartition("/")[2])

    async def go() -> None:
        async with RawServer(to("/b"), answer(b"da")) as server, make_fetcher(tmp_path) as fetcher:
            await fetcher.fetch(Ask(server.url, gate=gate))

    asyncio.run(go())
    assert seen == ["", "b"]
