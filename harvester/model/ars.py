"""The Amtlicher Regionalschlüssel (ARS), the official key of a region in Germany.

Twelve digits: Land 2, Regierungsbezirk 1, Kreis 2, Verband 4, Gemeinde 3
(Destatis, code list ``urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs``).
Kept as text: leading zeros count.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_DIGITS = 12
_SHORT = (2, 3, 5, 9)
"""Digits that name a Land, a Regierungsbezirk, a Kreis and a Gemeindeverband."""


class Level(StrEnum):
    """Administrative level, from the most general to the most specific."""

    BUND = "bund"
    LAND = "land"
    KREIS = "kreis"
    KOMMUNE = "kommune"

    @property
    def rank(self) -> int:
        """0 for Bund to 3 for Kommune."""
        return tuple(Level).index(self)


class Ars(str):
    """A regional key of twelve digits, e.g. ``055130000000`` for Gelsenkirchen."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take exactly twelve ASCII digits; anything else is a ``ValueError``."""
        if len(value) != _DIGITS or not (value.isascii() and value.isdigit()):
            message = f"not a regional key (ARS, 12 digits): {value!r}"
            raise ValueError(message)
        return super().__new__(cls, value)

    @classmethod
    def padded(cls, value: str) -> Self:
        """Read a short form, such as ``05`` for a Land or ``05562`` for a Kreis, by adding zeros.

        Only the lengths that name a region are filled up. Eight digits are a municipal key (AGS), which lacks the
        Verband in its middle: zeros at its end would make the key of another region. Zeros alone are the Bund.
        """
        key = value.strip()
        short = key.isdigit() and (len(key) in _SHORT or not key.strip("0"))
        return cls(key.ljust(_DIGITS, "0") if short else key)

    @property
    def level(self) -> Level:
        """Administrative level that the digits tell.

        A kreisfreie Stadt has the key of its Kreis and is both; it counts as Kreis here and is told
        from a Landkreis only by the table of regions.
        """
        if self == BUND:
            return Level.BUND
        if self[2:] == "0" * 10:
            return Level.LAND
        if self[5:] == "0" * 7:
            return Level.KREIS
        return Level.KOMMUNE

    @property
    def parents(self) -> tuple[Ars, ...]:
        """Possible ancestors from the nearest to the Bund: Gemeindeverband, Kreis, Land, Bund.

        Whether a Gemeindeverband exists as a region of its own is told by the table of regions.
        """
        shorter = (self[:9] + "000", self[:5] + "0" * 7, self[:2] + "0" * 10, BUND)
        found: list[Ars] = []
        for candidate in shorter:
            if candidate not in (self, *found):
                found.append(Ars(candidate))
        return tuple(found)

    @property
    def ags(self) -> str:
        """The Amtlicher Gemeindeschlüssel of eight digits: the ARS without its Verband."""
        return self[:5] + self[9:]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate as text, then as a key."""
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Twelve digits."""
        return {"type": "string", "pattern": "^[0-9]{12}$"}


BUND = Ars("0" * _DIGITS)
