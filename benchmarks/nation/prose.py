"""Texts of services: German enough to be cleaned, indexed and compressed like real ones. Pure.

A description has a text of its own in every version; what is the same in every town (laws, documents, requirements,
procedure) may be the Bund's base text, copied to the letter or left out.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import NamedTuple

from benchmarks.german import make_pieces
from benchmarks.nation.dice import Dice
from benchmarks.nation.shelf import Offer

_SHORT, _COPIED = 0.3, 0.6
_PIECES = 30_000
BASE_MODULES = ("07", "08", "09", "11")


class Texts(NamedTuple):
    """Texts of a description as HTML, by the codes of the text modules (06 full text, 07 laws …)."""

    summary: str
    modules: dict[str, str]
    fees: str
    deadline: str
    duration: str
    synonyms: tuple[str, ...]


@lru_cache(maxsize=4)
def _pieces(seed: int) -> list[str]:
    return make_pieces(Random(seed), _PIECES)


def texts_of(dice: Dice, offer: Offer) -> Texts:
    """The texts of a description."""
    shelf = offer.shelf
    lasting = Writer(dice, dice.stream("texts", shelf.name, offer.slot))
    fresh = Writer(dice, dice.stream("text", shelf.name, offer.slot, offer.version))
    modules = {"06": fresh.paragraphs(2)}
    manner = lasting.random()
    if shelf.form == "base" or manner >= _SHORT:
        base = shelf.form == "base" or (manner < _COPIED and bool(offer.key))
        modules |= _base_texts(dice, offer.key) if base else _modules(lasting)
    modules["22"] = f"<p>{lasting.sentences(1)}</p>"
    return Texts(
        summary=lasting.sentences(1),
        modules=modules,
        fees=f"<p>Die Gebühr beträgt <b>{fresh.below(200) + 5},{fresh.below(90) + 10} Euro</b>. {fresh.sentences(1)}</p>",
        deadline=f"{lasting.below(12) + 1} Wochen. {lasting.sentences(1)}",
        duration=f"{lasting.below(30) + 1} Arbeitstage",
        synonyms=tuple(f"{word}stelle {lasting.below(1000)}" for word in offer.name.split()[:1]),
    )


def _base_texts(dice: Dice, key: str) -> dict[str, str]:
    """What the Bund says about a matter, in its own description and in every copy."""
    return _modules(Writer(dice, dice.stream("base", key)))


def _modules(writer: Writer) -> dict[str, str]:
    return {
        "07": f"<ul><li>&sect; {writer.below(90) + 1} Abs.&nbsp;{writer.below(5) + 1} {writer.sentences(1)}</li></ul>",
        "08": writer.items(3),
        "09": writer.items(3),
        "11": writer.items(4),
    }


class Writer:
    """Writes sentences out of one source of chance."""

    def __init__(self, dice: Dice, stream: Random) -> None:
        """The pieces that sentences are made of hang on the seed alone."""
        self._pieces = _pieces(dice.seed)
        self.random = stream.random

    def below(self, limit: int) -> int:
        """A number from 0 to ``limit`` - 1."""
        return int(self.random() * limit)

    def sentences(self, count: int) -> str:
        """So many sentences."""
        random, pieces = self.random, self._pieces
        return " ".join(
            " ".join([pieces[int(random() * _PIECES)] for _ in range(5)]) + f" {int(random() * 900)}."
            for _ in range(count)
        )

    def paragraphs(self, count: int) -> str:
        """Paragraphs with a little markup."""
        return "".join(
            f"<p>{self.sentences(2)} <b>Gültig ab {self.below(28) + 1}.{self.below(12) + 1}.</b>&nbsp;{self.sentences(1)}</p>"
            for _ in range(count)
        )

    def items(self, count: int) -> str:
        """A sentence and a list."""
        listed = "".join(f"<li>{self.sentences(1)}</li>" for _ in range(count))
        return f"<p>{self.sentences(1)}</p><ul>{listed}</ul>"
