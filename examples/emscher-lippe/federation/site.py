"""What stands behind one address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol

from federation.content import DAYS, Content
from federation.http import Request, Response, etag, not_found


class Site(Protocol):
    """Answers requests as its source looks on a day."""

    def answer(self, request: Request, day: int) -> Response:
        """The answer; 404 for what is not there."""


class Documents:
    """A site of finished files.

    Its answers carry the validator that the content's `validator` setting names (`etag`, `last-modified`, `none`).
    """

    def __init__(self, content: Content, render: Callable[[Content, int], Mapping[str, Response]]) -> None:
        first, second = render(content, 1), render(content, 2)
        kind = content.setting("validator", "none")
        self._days = {
            1: {path: _validated(doc, kind, 1) for path, doc in first.items()},
            2: {path: _validated(doc, kind, 1 if first.get(path) == doc else 2) for path, doc in second.items()},
        }

    def answer(self, request: Request, day: int) -> Response:
        """The file of that day."""
        return self._days[day].get(request.path) or not_found(request.path)


def _validated(document: Response, kind: str, day: int) -> Response:
    if kind == "etag":
        return document.with_headers(ETag=etag(document.body))
    if kind == "last-modified":
        return document.with_headers(Last_Modified=http_date(DAYS[day]))
    return document


def http_date(moment: str) -> str:
    """An ISO moment in UTC as an HTTP date (RFC 9110, 5.6.7)."""
    return format_datetime(datetime.fromisoformat(moment), usegmt=True)
