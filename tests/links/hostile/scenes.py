"""What the hostile server plays: one path per case of docs/links.md."""

import asyncio
import gzip
import zlib

import brotli

from tests.links.hostile.replies import NOT_FOUND, OK, page, reply, to
from tests.links.hostile.server import Exchange, Scene

LONG = 3_600.0


async def hang(_: Exchange) -> None:
    await asyncio.sleep(LONG)


async def dribble_head(exchange: Exchange) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10_000:
        await exchange.send(bytes([byte]))
        await asyncio.sleep(0.05)


async def slow_body(exchange: Exchange) -> None:
    body = page()
    await exchange.send(
        reply(200, b"", "Content-Type: text/html", f"Content-Length: {len(body)}", length=False) + body[:700]
    )
    await asyncio.sleep(LONG)


async def endless(exchange: Exchange) -> None:
    await exchange.send(reply(200, b"", "Content-Type: text/html", length=False) + page()[:-20])
    while True:
        await exchange.send(b"<p>weiter</p>" * 5_000)


async def reset_before(exchange: Exchange) -> None:
    exchange.reset()


async def reset_within(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    exchange.reset()


async def empty(_: Exchange) -> None:
    return None


async def cookie_loop(exchange: Exchange) -> bytes:
    if "seen=1" in exchange.headers.get("cookie", ""):
        return OK
    return to(302, "/redirect/cookie", "Set-Cookie: seen=1; Path=/")


async def range_honoured(exchange: Exchange) -> bytes:
    body = page(size=200_000)
    if "range" not in exchange.headers:
        return reply(200, body)
    return reply(206, body[:65_536], "Content-Range: bytes 0-65535/200000", "Content-Type: text/html")


async def range_refused(exchange: Exchange) -> bytes:
    return reply(416) if "range" in exchange.headers else OK


async def close_after_one(exchange: Exchange) -> bytes | None:
    """Promises to keep the connection and closes it."""
    await exchange.send(reply(200, page(f"Seite {exchange.path}")))
    return None


def _head_only(status: int) -> dict[str, Scene]:
    return {
        f"HEAD /head/{status}.pdf": reply(status),
        f"/head/{status}.pdf": reply(200, b"%PDF-1.7", "Content-Type: application/pdf"),
    }


def _encoded(coding: str, body: bytes) -> bytes:
    return reply(200, body, f"Content-Encoding: {coding}", "Content-Type: text/html")


_PDF = "Content-Type: application/pdf"
_STATUSES = (200, 201, 203, 206, *range(400, 452), 500, 501, 502, 503, 504, *range(520, 531), 599, 999)
_LOGIN = page("Anmelden", "Anmelden", size=800).replace(b"</body>", b"<input type='password'></body>")

SCENES: dict[str, Scene] = {
    "*": NOT_FOUND,
    "/": reply(200, page("Stadt Beispiel", "Willkommen")),
    "/ok": OK,
    "/gone": reply(410, page("Entfernt")),
    **{f"/status/{status}": reply(status, page()) for status in _STATUSES},
    "/status/204": reply(204, length=False),
    "/status/304": reply(304, length=False),
    "/status/300": reply(300, page("Auswahl")),
    "/status/301-bare": reply(301, page()),
    "/status/302-bare": reply(302),
    "/status/none": b"Hello, world\r\n\r\n",
    "/status/word": reply("abc Fine", page()),
    "/status/two-digits": reply("20 Fine", page()),
    "/status/100-first": b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
    "/wall/cloudflare": reply(403, page("Just a moment..."), "cf-mitigated: challenge"),
    "/wall/captcha": reply(403, page("Attention Required!", "Sind Sie ein Mensch?")),
    "/wall/503": reply(503, page("Checking your browser")),
    "/maintenance": reply(503, page("Wartungsarbeiten"), "Retry-After: 3600"),
    # rate limits
    "/rate/seconds": reply(429, b"", "Retry-After: 7200"),
    "/rate/date": reply(429, b"", "Retry-After: Tue, 24 Nov 2026 10:00:00 GMT"),
    "/rate/past": reply(429, b"", "Retry-After: Mon, 23 Nov 2020 10:00:00 GMT"),
    "/rate/negative": reply(429, b"", "Retry-After: -5"),
    "/rate/garbage": reply(429, b"", "Retry-After: bald"),
    "/rate/huge": reply(429, b"", "Retry-After: 99999999999999999999"),
    # redirects
    **{f"/redirect/{status}": to(status, "/ok") for status in (301, 302, 303, 307, 308)},
    "/redirect/relative": to(302, "../ok"),
    "/redirect/protocol-relative": to(302, "//127.0.0.1:PORT/ok"),
    "/redirect/fragment": to(302, "/ok#abschnitt"),
    "/redirect/umlaut": to(302, "/übersicht"),
    "/%C3%BCbersicht": OK,
    "/redirect/mailto": to(302, "mailto:a@example.org"),
    "/redirect/file": to(302, "file:///etc/passwd"),
    "/redirect/javascript": to(302, "javascript:alert(1)"),
    "/redirect/self": to(302, "/redirect/self"),
    "/redirect/a": to(302, "/redirect/b"),
    "/redirect/b": to(302, "/redirect/a"),
    "/redirect/cookie": cookie_loop,
    **{f"/redirect/many/{n}": to(302, f"/redirect/many/{n + 1}") for n in range(30)},
    "/redirect/404": to(301, "/nowhere"),
    "/redirect/home": to(302, "/"),
    "/redirect/login": to(302, "/realms/bund/protocol/openid-connect/auth?client_id=x"),
    "/realms/bund/protocol/openid-connect/auth": reply(200, _LOGIN),
    "/extension/service/call/0b0e": to(302, "/login"),
    "/login": reply(200, _LOGIN),
    "/redirect/mixed": to(301, "/redirect/302"),
    "/redirect/permanent-twice": to(308, "/redirect/301"),
    "/redirect/private": to(302, "http://10.0.0.1/"),
    "/redirect/link-local": to(302, "http://169.254.169.254/latest/meta-data/"),
    "/redirect/cgnat": to(302, "http://100.64.0.1/"),
    "/redirect/mapped": to(302, "http://[::ffff:10.0.0.1]/"),
    "/redirect/decimal": to(302, "http://167772161/"),
    "/redirect/octal": to(302, "http://012.0.0.1/"),
    "/redirect/foreign": to(302, "http://other.test:PORT/ok"),
    "/redirect/empty": to(302, ""),
    "/refresh": reply(200, page("Weiter", extra="<meta http-equiv='refresh' content='0; url=/ok'>")),
    "/refresh/slow": reply(200, page("Ticker", extra="<meta http-equiv='refresh' content='300; url=/nowhere'>")),
    "/refresh/noscript": reply(200, page(extra="<noscript><meta http-equiv='refresh' content='0;url=/nowhere'></noscript>")),
    # methods
    **{path: scene for status in (403, 404, 405, 500, 501) for path, scene in _head_only(status).items()},
    "HEAD /head/hang.pdf": hang,
    "/head/hang.pdf": reply(200, b"%PDF-1.7", _PDF),
    "HEAD /head/reset.pdf": reset_before,
    "/head/reset.pdf": reply(200, b"%PDF-1.7", _PDF),
    "/head/both-404.pdf": NOT_FOUND,
    "/range/ignored": reply(200, page(size=200_000)),
    "/range/honoured": range_honoured,
    "/range/refused": range_refused,
    # transport
    "/slow/head": hang,
    "/slow/dribble": dribble_head,
    "/slow/body": slow_body,
    "/reset/before": reset_before,
    "/reset/within": reset_within,
    "/empty": empty,
    "/keep/1": close_after_one,
    "/keep/2": close_after_one,
    "/head/bare-cr": reply(200, page(), "X-Odd: a\rLocation: /nowhere"),
    "/head/too-long": b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"a" * 200_000 + b"\r\n\r\n",
    # bodies
    "/body/endless": endless,
    "/body/huge.pdf": reply(200, b"", _PDF, "Content-Length: 900000000", length=False),
    "/body/gzip": _encoded("gzip", gzip.compress(page())),
    "/body/gzip-bomb": _encoded("gzip", gzip.compress(b"\0" * 50_000_000)),
    "/body/brotli-bomb": _encoded("br", brotli.compress(b"\0" * 50_000_000)),
    "/body/not-gzip": _encoded("gzip", page()),
    "/body/half-gzip": _encoded("gzip", gzip.compress(page())[:-30]),
    "/body/deflate": _encoded("deflate", zlib.compress(page())),
    "/body/too-short": reply(200, page(), "Content-Length: 90000", "Connection: close", length=False),
    "/body/too-long": reply(200, page(), "Content-Length: 10", length=False),
    "/body/broken-chunk": reply(200, b"5\r\nabcde\r\nzz\r\n", "Transfer-Encoding: chunked", length=False),
    "/body/chunked": reply(200, b"%x\r\n%s\r\n0\r\n\r\n" % (len(page()), page()), "Transfer-Encoding: chunked", length=False),
    "/body/utf-16": reply(200, page("Bürgeramt").decode().encode("utf-16"), "Content-Type: text/html"),
    "/body/wrong-charset": reply(200, page("Bürgeramt").decode().encode("cp1252"), "Content-Type: text/html; charset=utf-8"),
    # soft 404
    "/soft/title": reply(200, page("Seite nicht gefunden")),
    "/soft/english": reply(200, page("404 error", "Page not found")),
    "/soft/body-only": reply(200, page("Fundbüro").replace(b"</p>", b" Seite nicht gefunden? Fragen Sie uns.</p>")),
    "/soft/parked": reply(200, page("beispiel.test - Diese Domain kaufen")),
    "/soft/maintenance": reply(200, page("Wartungsarbeiten")),
    "/login/sidebar": reply(200, page("Bauamt").replace(b"</body>", b"<input type=password></body>")),
}  # fmt: skip
