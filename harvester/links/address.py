"""Read an address as browsers do (WHATWG URL, IDNA 2008 by UTS 46 non-transitional), so that no alarm is our own fault.

What a browser repairs, such as a space or a backslash, is repaired here too and named in ``repairs``; what no browser
can open is refused with the code of a rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from harvester.links.host_name import BadHostError, read_host

LONGEST = 8_000
"""Characters; what RFC 9110, 4.1 asks everybody to support."""

_SAFE_REST = re.compile(r"/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*(?:\?[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*)?")
"""Path and query that need no mending; a percent sign leads the longer way, for it may hide a dot."""

_MOST_ORIGINS = 20_000
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TEMPLATE = re.compile(r"\{[^{}]*\}|%7[Bb][^{}%]*%7[Dd]|\$\{|<%|\[\[")
_LIKE_A_HOST = re.compile(r"(?:[\w-]+\.)+[A-Za-z]{2,}(?::\d{1,5})?(?=[/?#]|$)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_KEPT = "%!$&'()*+,;=:@/?-._~[]|^"
_DEFAULT_PORT = {"http": 80, "https": 443}
_SCRIPTS = frozenset({"javascript", "data", "vbscript", "blob", "about", "file"})


class Address(NamedTuple):
    """An address that can be checked. ``url`` is its one spelling, without fragment; ``repairs`` are what was mended."""

    url: str
    scheme: str
    host: str
    port: int
    fragment: str = ""
    repairs: tuple[str, ...] = ()


_origins: dict[str, tuple[str, str, int]] = {}
"""Beginnings of addresses that were read before and are spelled as they should be: most links share few hosts."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address that is not checked. ``code`` names the rule, ``hint`` the address that may be meant."""

    code: str
    detail: str = ""
    hint: str = ""


def read_address(text: str, base: Address | None = None) -> Address | Refusal:
    """Read an address, relative to ``base`` where one is given (a redirect's target)."""
    start = text.find("/", 8)
    known = _origins.get(text[:start]) if start > 0 else None
    if known is not None and _SAFE_REST.fullmatch(text, start) and "/." not in text and len(text) <= LONGEST:
        return Address(text, *known)
    read = _read(text, base)
    if isinstance(read, Address) and not read.repairs and start > 0 and read.url.startswith(text[: start + 1]):
        if len(_origins) >= _MOST_ORIGINS:
            _origins.clear()
        _origins[text[:start]] = (read.scheme, read.host, read.port)
    return read


def _read(raw: str, base: Address | None) -> Address | Refusal:  # noqa: PLR0911 -- one return per rule
    repairs: list[str] = []
    text = raw.strip("\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f \u00a0\u200b\ufeff\u2028\u2029")
    if text != raw:
        repairs.append("outer-space")
    if not text:
        return Refusal("address-empty")
    if len(text) > LONGEST:
        return Refusal("address-too-long")
    if any(mark in text for mark in "\t\n\r"):
        text = text.translate({9: None, 10: None, 13: None})
        repairs.append("line-break")
    if _CONTROL.search(text):
        return Refusal("address-control")
    if base is None and _TEMPLATE.search(text):
        return Refusal("template")
    scheme_match = _SCHEME.match(text)
    scheme = scheme_match[1].lower() if scheme_match else ""
    if scheme_match and scheme in _DEFAULT_PORT:
        return _read_web(scheme, text[scheme_match.end() :], base, repairs)
    if base is not None and not scheme:
        return _read_relative(text, base, repairs)
    return _refuse(text, scheme)


def _refuse(text: str, scheme: str) -> Refusal:
    if _LIKE_A_HOST.match(text):
        return Refusal("address-no-scheme", hint=f"https://{text}")
    if scheme in _SCRIPTS:
        return Refusal("script-address", scheme)
    if scheme:
        return Refusal("scheme", scheme)
    if text.startswith("//"):
        return Refusal("address-no-scheme", hint=f"https:{text}")
    return Refusal("address-no-scheme")


def _read_web(scheme: str, rest: str, base: Address | None, repairs: list[str]) -> Address | Refusal:
    rest, fragment = _cut_fragment(rest)
    head, query_mark, query = rest.partition("?")
    if "\\" in head:
        head = head.replace("\\", "/")
        repairs.append("backslash")
    if not head.startswith("/") and base is not None and base.scheme == scheme:
        return _read_relative(head + query_mark + query, base, repairs)
    bare = head.lstrip("/")
    if len(head) - len(bare) != 2:
        repairs.append("slashes")
    authority, slash, path = bare.partition("/")
    if "@" in authority:
        return Refusal("userinfo")
    return _assemble(scheme, authority, slash + path, query_mark + query, fragment, repairs)


def _read_relative(text: str, base: Address, repairs: list[str]) -> Address | Refusal:
    text, fragment = _cut_fragment(text)
    head, query_mark, query = text.partition("?")
    head = head.replace("\\", "/")
    if head.startswith("//"):
        return _read_web(base.scheme, head + query_mark + query, None, repairs)
    base_path, _, base_query = base.url[base.url.index("/", base.url.index("//") + 2) :].partition("?")
    if not head:
        path = base_path
        query_mark, query = (query_mark, query) if query_mark else ("?" if base_query else "", base_query)
    else:
        path = head if head.startswith("/") else base_path.rpartition("/")[0] + "/" + head
    authority = base.url[base.url.index("//") + 2 : base.url.index("/", base.url.index("//") + 2)]
    return _assemble(base.scheme, authority, path, query_mark + query, fragment, repairs)


def _assemble(
    scheme: str, authority: str, path: str, query: str, fragment: str, repairs: list[str]
) -> Address | Refusal:
    host_text, port_text = _split_port(authority)
    port = _DEFAULT_PORT[scheme]
    if port_text:
        if not (port_text.isascii() and port_text.isdigit()) or not 0 < int(port_text[:6]) <= 65_535:
            return Refusal("address-bad-port", port_text)
        port = int(port_text)
    if not host_text:
        return Refusal("address-no-host")
    try:
        host = read_host(host_text)
    except BadHostError as error:
        return Refusal("address-bad-host", str(error))
    if " " in path or " " in query:
        repairs.append("space")
    shown = f"[{host}]" if ":" in host else host
    place = shown if port == _DEFAULT_PORT[scheme] else f"{shown}:{port}"
    url = f"{scheme}://{place}{_write(_without_dots(path or '/'))}{_write(query)}"
    return Address(url, scheme, host, port, fragment, tuple(repairs))


def _split_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, end, rest = authority.partition("]")
        return host + end, rest.removeprefix(":")
    host, _, port = authority.partition(":")
    return host, port


def _cut_fragment(text: str) -> tuple[str, str]:
    head, _, fragment = text.partition("#")
    return head, fragment


def _write(text: str) -> str:
    """Percent-encode what may not stand in a request line; what is encoded stays as it is, a stray % too."""
    if text.isascii() and not _needs_quoting(text):
        return text
    return quote(text, safe=_KEPT)


_UNSAFE = re.compile(r"[^A-Za-z0-9%!$&'()*+,;=:@/?\-._~\[\]|^]")


def _needs_quoting(text: str) -> bool:
    return _UNSAFE.search(text) is not None


def _without_dots(path: str) -> str:
    """Take out ``.`` and ``..`` (RFC 3986, 5.2.4), also where they are percent-encoded, as browsers do."""
    if "/." not in path and "/%2" not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")[1:]
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        plain = part.lower().replace("%2e", ".")
        if plain == "..":
            del kept[-1:]
            kept += [""] if last else []
        elif plain == ".":
            kept += [""] if last else []
        else:
            kept.append(part)
    return "/" + "/".join(kept)


def decoded(url: str) -> str:
    """An address as people read it: percent-encoded UTF-8 as letters."""
    return unquote_to_bytes(url).decode("utf-8", errors="replace")
