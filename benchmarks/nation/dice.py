"""Chance that depends on nothing but a seed and an identity: the same in every order, process and year."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random

GOLDEN = 0.6180339887498949
SILVER = 0.4142135623730951
"""Steps whose multiples fill the interval from 0 to 1 evenly, and independently of each other."""


@dataclass(frozen=True, slots=True)
class Dice:
    """Keyed hashes as sources of chance. An identity is any sequence of words and numbers."""

    seed: int

    def digest(self, *identity: object, size: int = 16) -> bytes:
        """``size`` bytes that stand for an identity."""
        told = "\x1f".join(map(str, identity)).encode()
        return hashlib.blake2b(told, digest_size=size, key=b"nation %d" % self.seed).digest()

    def share(self, *identity: object) -> float:
        """A number from 0 up to 1."""
        return int.from_bytes(self.digest(*identity, size=7)) / (1 << 56)

    def stream(self, *identity: object) -> Random:
        """A source of as many numbers as are wanted."""
        return Random(int.from_bytes(self.digest(*identity)))

    def even(self, rank: int, what: str, step: float = GOLDEN) -> float:
        """A number from 0 up to 1 for the member ``rank`` of a group, spread evenly over the group.

        Any part of a group has the same mix as the whole to within a member or two, so that a small nation is like a large one.
        """
        return (rank * step + self.share("even", what)) % 1.0
