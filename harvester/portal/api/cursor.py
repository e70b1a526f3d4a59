"""Cursors: where the next page begins, opaque to readers and bound to the question they came from."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import HTTPException

_CHECK = 4


def write_cursor(question: object, after: list[str]) -> str:
    """A cursor to what comes after ``after``, the sort key of the last entry of a page. ``question`` is what was asked."""
    told = json.dumps(after, ensure_ascii=False).encode()
    return urlsafe_b64encode(_check(question, told) + told).decode().rstrip("=")


def read_cursor(question: object, cursor: str | None, parts: int) -> list[str] | None:
    """The sort key in a cursor; None without one.

    Raises:
        HTTPException: 404, where the cursor is none of ours or belongs to another question.
    """
    if cursor is None:
        return None
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        check, told = raw[:_CHECK], raw[_CHECK:]
        after = json.loads(told) if check == _check(question, told) else None
        json.dumps(after, ensure_ascii=False).encode()  # lone surrogates are no text
    except ValueError:
        after = None
    if not isinstance(after, list) or len(after) != parts or not all(isinstance(part, str) for part in after):
        raise HTTPException(404, "cursor: it is none of ours, or of another question; begin without one")
    return after


def _check(question: object, told: bytes) -> bytes:
    return hashlib.blake2b(repr(question).encode() + told, digest_size=_CHECK).digest()
