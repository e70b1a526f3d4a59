"""Ready-made mails to publishers, signed by nobody: whoever sends one adds a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harvester.plain import plain
from harvester.registry import Source
from harvester.reports.need import Mail
from harvester.words import Words

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def write_mail(
    words: Words, source: Source | None, subject: str, told: str, lines: Iterable[str] = (), *, to: str = ""
) -> Mail:
    """A mail about a source to its publisher, or where ``to`` has an address, to that authority."""
    publisher = plain(source.publisher.name, 200) if source else ""
    found = _ADDRESS.search(to) or (_ADDRESS.search(source.publisher.contact) if source else None)
    listed = "\n".join(f"  {plain(line, 500)}" for line in lines)
    body = words(
        "mail.body", publisher=publisher, told=told, listed=f"\n{listed}\n" if listed else "",
        title=plain(source.title, 200) if source else "", endpoint=source.endpoint if source else "",
    )  # fmt: skip
    return Mail(to=found[0] if found else "", subject=plain(subject, 150), body=body + "\n")
