"""What the records of one service say against each other: different addresses to apply, different fees. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple, TypeVar

from harvester.matching.official import canonical
from harvester.merge.card import Ref
from harvester.merge.combine import Combined
from harvester.model import LinkRole, Module, Service

_AMOUNT = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.\u00a0 ]\d{3})+|\d+)(?:,(\d{2}|-{1,2}|–))?\s*(?:€|EUR\b|Euro\b)"
    r"|(?:€|EUR\b)\s*(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{2}|-{1,2}|–))?",
    re.IGNORECASE,
)
_FREE = re.compile(r"\b(?:kostenlos|kostenfrei|gebührenfrei|keine\s+(?:gebühr|kosten))", re.IGNORECASE)
_Value = TypeVar("_Value", int, str)


class Saying(NamedTuple):
    """What one record says of a field (``apply``: an address; ``fees``: amounts in euros) that another one says otherwise."""

    field: str
    ref: Ref
    value: str


def conflicts_of(combined: Combined) -> Iterator[Saying]:
    """Everything on which a service's own records differ; pages that serve several keys speak of other services, too.

    One that says more than the other is none: a page may name only the usual fee.
    """
    own = [voice for voice in combined.voices if not voice.contributes]
    if len(own) < 2:
        return
    addresses = {voice.member.ref: _applications(voice.record) for voice in own}
    for ref in opposed({ref: frozenset(map(canonical, urls)) for ref, urls in addresses.items()}):
        yield from (Saying("apply", ref, url) for url in sorted(addresses[ref]))
    amounts = {voice.member.ref: fees_of(_fees(voice.record)) for voice in own}
    for ref in opposed(amounts):
        yield Saying("fees", ref, " · ".join(_euros(cents) for cents in sorted(amounts[ref])))


def opposed(told: Mapping[Ref, frozenset[_Value]]) -> list[Ref]:
    """Those of whose values another one has some and lacks some, while having others."""
    pairs = combinations(sorted(ref for ref, values in told.items() if values), 2)
    found = {ref for pair in pairs if told[pair[0]] - told[pair[1]] and told[pair[1]] - told[pair[0]] for ref in pair}
    return sorted(found)


def fees_of(text: str) -> frozenset[int]:
    """The amounts of money a text names, in cents; 0 where it says that nothing is to be paid and names no amount."""
    found = {_cents(a or c, b or d) for a, b, c, d in _AMOUNT.findall(text)}
    return frozenset(found or ({0} if _FREE.search(text) else ()))


def _cents(euros: str, cents: str) -> int:
    return int(re.sub(r"\D", "", euros)) * 100 + (int(cents) if cents.isdigit() else 0)


def _euros(cents: int) -> str:
    euros, rest = divmod(cents, 100)
    return f"{euros},{rest:02} €"


def _applications(record: Service) -> frozenset[str]:
    return frozenset(link.url for link in record.links if link.role is LinkRole.APPLY and not link.template)


def _fees(record: Service) -> str:
    return "\n".join(text.text for text in record.texts if text.module is Module.FEES and text.language == "de")
