"""What a server gave us to ask "has it changed?" with, and what we hold if it has not (RFC 9110, 13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Validator:
    """The validators of a stored body, as the server sent them, and where the body is.

    ``variant`` is the part of the request that may have chosen the body (Accept, Accept-Language); a validator is of
    use only for the same variant. ``sha256`` and ``size`` (bytes) are those of the decoded body.
    """

    etag: str | None
    last_modified: str | None
    sha256: str
    size: int
    media_type: str
    charset: str | None
    variant: str = ""


class ValidatorStore(Protocol):
    """Remembers the validator of an address."""

    def get(self, url: str) -> Validator | None:
        """The validator kept for an address, if any."""
        ...

    def put(self, url: str, validator: Validator) -> None:
        """Keep the validator of an address instead of the one before."""
        ...


class MemoryValidators:
    """Remembers validators for as long as the program runs."""

    def __init__(self) -> None:
        self._known: dict[str, Validator] = {}

    def get(self, url: str) -> Validator | None:
        """The validator kept for an address, if any."""
        return self._known.get(url)

    def put(self, url: str, validator: Validator) -> None:
        """Keep the validator of an address instead of the one before."""
        self._known[url] = validator
