"""Where on loopback everybody is: one address per host, all on one port."""

from __future__ import annotations

from typing import NamedTuple

CONTROL = "127.64.0.254"
PVOG = "127.64.0.1"
BUND = "127.64.0.2"
LAWS = "127.64.0.3"
_PER = 250


class Place(NamedTuple):
    """Whose host an address is: ``kind`` and its number in that kind."""

    kind: str
    number: int


_SINGLE = {CONTROL: "control", PVOG: "pvog", BUND: "bund", LAWS: "laws"}
_BLOCKS = {65: "land", 66: "town", 67: "provider"}


def land(number: int) -> str:
    """The editorial system of the Land with this two-digit key."""
    return f"127.65.0.{number}"


def town(rank: int) -> str:
    """The site of a municipality."""
    return f"127.66.{rank // _PER}.{rank % _PER + 1}"


def provider(rank: int) -> str:
    """A provider of online services."""
    return f"127.67.{rank // _PER}.{rank % _PER + 1}"


def place_of(address: str) -> Place | None:
    """Whose address it is; None where nobody is there."""
    if address in _SINGLE:
        return Place(_SINGLE[address], 0)
    parts = [int(part) for part in address.split(".") if part.isdigit()]
    if len(parts) != 4 or parts[0] != 127 or parts[1] not in _BLOCKS or not 1 <= parts[3] <= _PER:
        return None
    kind = _BLOCKS[parts[1]]
    return Place(kind, parts[3] if kind == "land" else parts[2] * _PER + parts[3] - 1)
