"""Count what a document says again and again, and tell it once."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.model import Issue

_MANY = 1000


class Tally:
    """Facts about a document, each told once at its end with the first place and the number of times.

    No more than a thousand different facts are kept.
    """

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._facts: dict[tuple[str, str], tuple[str, str, int]] = {}

    def count(self, rule: str, key: str, locator: str, message: str) -> None:
        """Count one more case of a fact; ``rule`` and ``key`` tell it from others.

        The message is a sentence without its full stop: the number follows.
        """
        known = self._facts.get((rule, key))
        if known is not None:
            self._facts[rule, key] = (known[0], known[1], known[2] + 1)
        elif len(self._facts) < _MANY:
            self._facts[rule, key] = (locator, message, 1)

    def tell(self) -> Iterator[Issue]:
        """Give the facts as issues, in the order they were met."""
        for (rule, _), (locator, message, times) in self._facts.items():
            yield Issue("info", rule, locator, f"{message} ({times}×).")
