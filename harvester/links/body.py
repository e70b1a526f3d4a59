"""Take the encoding off the first bytes of a body, without ever holding more than the window."""

from __future__ import annotations

from harvester.fetch.decode import DecodeError, decoder
from harvester.links.observation import BodyFault

WINDOW = 64 * 1024
"""Bytes of a body that are looked at, as received and as decoded."""

_BOMB = 200
"""A body that grows more than this many times within the window is no page."""


class _FullError(Exception):
    """The window is full."""


def decode_window(raw: bytes, coding: str, *, whole: bool) -> tuple[bytes, bool, BodyFault]:
    """The decoded window, whether that is all of the body, and what was wrong with it."""
    if not coding or coding == "identity":
        return raw, whole, BodyFault.NONE
    taken = bytearray()

    def put(piece: bytes) -> None:
        taken.extend(piece[: WINDOW - len(taken)])
        if len(taken) >= WINDOW:
            raise _FullError

    try:
        unpack = decoder(coding, put)
        # Small steps: a bomb must not be unpacked by a megabyte before the window is found to be full.
        for start in range(0, len(raw), 1_024):
            unpack.feed(raw[start : start + 1_024])
        if whole:
            unpack.finish()
    except _FullError:
        bomb = len(raw) * _BOMB < len(taken) or len(raw) < WINDOW // _BOMB
        return bytes(taken), False, BodyFault.BOMB if bomb else BodyFault.NONE
    except DecodeError:
        return bytes(taken), False, BodyFault.BAD_CODING
    return bytes(taken), whole, BodyFault.NONE
