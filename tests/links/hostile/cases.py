"""The table: what must be made of each scene. `dead` tells whether the link may ever be called dead for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    path: str
    outcome: str
    code: str
    dead: bool = False


def _many(outcome: str, code: str, *paths: str, dead: bool = False) -> list[Case]:
    return [Case(path, outcome, code, dead) for path in paths]


_ODD_4XX = {400, 405, 406, 409, *range(411, 423), 424, 426, 427, 428, *range(430, 451)}

CASES = [
    *_many("ok", "ok", "/", "/ok", "/status/200", "/status/201", "/status/203", "/status/206", "/status/300", "/status/304"),
    *_many("ok", "ok", "/status/100-first", "/head/bare-cr", "/range/ignored", "/range/honoured", "/range/refused"),
    *_many("suspicious", "http-no-content", "/status/204"),
    *_many("suspicious", "http-3xx", "/status/301-bare", "/status/302-bare"),
    *_many("temporary", "not-http", "/status/none", "/status/word", "/status/two-digits", dead=True),
    *_many("gone", "http-404", "/status/404", "/nowhere", "/redirect/404", "/head/both-404.pdf", dead=True),
    *_many("gone", "http-410", "/status/410", "/gone", dead=True),
    *_many("restricted", "http-401", "/status/401"),
    *_many("restricted", "http-403", "/status/403"),
    *_many("restricted", "http-451", "/status/451"),
    *_many("restricted", "http-restricted", "/status/402", "/status/407", "/status/423"),
    *_many("temporary", "http-408", "/status/408", "/status/425", dead=True),
    *_many("throttled", "http-429", "/status/429"),
    *_many("throttled", "http-429", *(f"/rate/{kind}" for kind in ("seconds", "date", "past", "negative", "garbage", "huge"))),
    *_many("suspicious", "http-4xx", *(f"/status/{status}" for status in sorted(_ODD_4XX))),
    *_many("temporary", "http-5xx", *(f"/status/{s}" for s in (500, 501, 502, 503, 504, *range(520, 531), 599)), dead=True),
    *_many("blocked", "http-999", "/status/999"),
    *_many("blocked", "bot-wall", "/wall/cloudflare", "/wall/captcha", "/wall/503"),
    *_many("temporary", "maintenance", "/maintenance", dead=True),
    *_many("moved", "moved-permanently", "/redirect/301", "/redirect/308", "/redirect/mixed", "/redirect/permanent-twice"),
    *_many("ok", "ok", "/redirect/302", "/redirect/303", "/redirect/307", "/redirect/relative", "/redirect/protocol-relative"),
    *_many("ok", "ok", "/redirect/fragment", "/redirect/umlaut", "/redirect/cookie", "/refresh", "/refresh/slow", "/refresh/noscript"),
    *_many("suspicious", "redirect-unusable", "/redirect/mailto", "/redirect/file", "/redirect/javascript", "/redirect/empty"),
    *_many("suspicious", "redirect-loop", "/redirect/self", "/redirect/a"),
    *_many("suspicious", "redirect-limit", "/redirect/many/0"),
    *_many("suspicious", "redirect-home", "/redirect/home"),
    *_many("suspicious", "foreign-domain", "/redirect/foreign"),
    *_many("restricted", "login-page", "/redirect/login", "/extension/service/call/0b0e", "/login"),
    *_many("ok", "ok", "/login/sidebar"),
    *_many(
        "suspicious", "redirect-refused",
        *(f"/redirect/{kind}" for kind in ("private", "link-local", "cgnat", "mapped", "decimal", "octal")),
    ),
    *_many("ok", "ok", *(f"/head/{kind}.pdf" for kind in (403, 404, 405, 500, 501, "hang", "reset"))),
    *_many("temporary", "head-timeout", "/slow/head", "/slow/dribble", dead=True),
    *_many("ok", "ok-partly", "/slow/body", "/body/not-gzip", "/body/half-gzip", "/body/too-short", "/body/broken-chunk"),
    *_many("temporary", "reset", "/reset/before", "/reset/within", dead=True),
    *_many("temporary", "empty-reply", "/empty", dead=True),
    *_many("temporary", "head-too-long", "/head/too-long", dead=True),
    *_many("ok", "ok", "/keep/1", "/keep/2", "/body/endless", "/body/huge.pdf", "/body/gzip", "/body/deflate", "/body/chunked"),
    *_many("ok", "ok", "/body/gzip-bomb", "/body/brotli-bomb", "/body/too-long", "/body/utf-16", "/body/wrong-charset"),
    *_many("suspicious", "soft-404", "/soft/title", "/soft/english"),
    *_many("ok", "ok", "/soft/body-only"),
    *_many("suspicious", "parked", "/soft/parked"),
    *_many("temporary", "maintenance-page", "/soft/maintenance"),
]  # fmt: skip

TLS_CASES = [
    Case("good", "ok", "ok"),
    Case("expired", "tls_problem", "tls-expired"),
    Case("not-yet-valid", "tls_problem", "tls-expired"),
    Case("wrong-host", "tls_problem", "tls-wrong-host"),
    Case("self-signed", "tls_problem", "tls-untrusted"),
    Case("unknown-issuer", "tls_problem", "tls-untrusted"),
    Case("incomplete-chain", "tls_problem", "tls-incomplete-chain"),
]
