"""Take the encoding off the first bytes of a body, without ever holding more than the window."""

from __future__ import annotations

from harvester.fetch.decode import DecodeError, decoder
from harvester.links.observation import BodyFault

WINDOW = 64 * 1024
"""Bytes of a body that are looked at, as received and as decoded."""

_BOMB = 200
"""A body that grows more than this many times is no page."""

_STEP = 1_024


class _FullError(Exception):
    """The window is full."""


def decode_window(raw: bytes, coding: str, *, whole: bool) -> tuple[bytes, bool, BodyFault]:
    """The decoded window, whether that is all of the body, and what was wrong with it."""
    if not coding or coding == "identity":
        return raw, whole, BodyFault.NONE
    taken = bytearray()
    grown = fed = 0

    def put(piece: bytes) -> None:
        nonlocal grown
        grown += len(piece)
        taken.extend(piece[: WINDOW - len(taken)])
        if len(taken) >= WINDOW:
            raise _FullError

    try:
        unpack = decoder(coding, put)
        # Small steps: a bomb must not be unpacked by a megabyte before the window is found to be full.
        for start in range(0, len(raw), _STEP):
            fed += _STEP
            unpack.feed(raw[start : start + _STEP])
        if whole:
            unpack.finish()
    except _FullError:
        return bytes(taken), False, BodyFault.BOMB if grown > _BOMB * min(fed, len(raw)) else BodyFault.NONE
    except DecodeError:
        return bytes(taken), False, BodyFault.BAD_CODING
    return bytes(taken), whole, BodyFault.NONE
