"""Parts of checked addresses, taken apart without reading them anew. Only for addresses that ``address`` has written."""

from __future__ import annotations

import re

_HOME = re.compile(
    r"(/(de|en|deutsch|english|home|start|startseite|willkommen|portal)?/?)?((index|default|home|start|startseite)\.(html?|php|aspx?|jsp))?",
    re.IGNORECASE,
)


def host_of(url: str) -> str:
    """The host, without port and brackets."""
    start = url.find("//") + 2
    if start == 1:
        return ""
    end = url.find("/", start)
    host = url[start:end] if end >= 0 else url[start:]
    if "?" in host or "#" in host:
        host = host.partition("#")[0].partition("?")[0]
    if host.startswith("["):
        return host[1 : host.find("]")]
    return host.partition(":")[0]


def path_of(url: str) -> str:
    """The path, without query and fragment."""
    start = url.find("/", url.find("//") + 2)
    if start < 0:
        return "/"
    return url[start:].partition("?")[0].partition("#")[0]


def origin_of(url: str) -> str:
    """Scheme, host and port, without a slash at the end."""
    start = url.find("//") + 2
    end = len(url)
    for mark in "/?#":
        found = url.find(mark, start, end)
        if found >= 0:
            end = found
    return url[:end]


def is_home(url: str) -> bool:
    """Whether an address is that of a home page: the root, a language below it, or an index file. A query makes it another page."""
    return "?" not in url and _HOME.fullmatch(path_of(url)) is not None
