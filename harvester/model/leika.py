"""The LeiKa key (Leistungsschlüssel) of the FIM catalogue of public services.

Fourteen digits: ``99``, Leistungsgruppierung 3, Kennung 3, Verrichtung 3, Verrichtungsdetail 3.
``99 102 013 104 000`` is Hundesteuer Anmeldung.
"""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_KEY = re.compile(r"99[0-9]{12}")
_SEPARATORS = re.compile(r"[\s.\-/\u200b\u00a0]+")


class LeikaKey(str):
    """A LeiKa key of fourteen digits."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take exactly fourteen digits that begin with 99; anything else is a ``ValueError``."""
        if not _KEY.fullmatch(value):
            message = f"not a LeiKa key (14 digits beginning with 99): {value!r}"
            raise ValueError(message)
        return super().__new__(cls, value)

    @classmethod
    def read(cls, value: str) -> Self:
        """Read a key as sources print it: with blanks, dots or dashes between its parts."""
        return cls(_SEPARATORS.sub("", value))

    @property
    def group(self) -> str:
        """Leistungsgruppierung, three digits."""
        return self[2:5]

    @property
    def identifier(self) -> str:
        """Kennung of the object within its group, three digits."""
        return self[5:8]

    @property
    def action(self) -> str:
        """Verrichtung, three digits; ``000`` when the key names the object alone."""
        return self[8:11]

    @property
    def detail(self) -> str:
        """Verrichtungsdetail, three digits; ``000`` when there is none."""
        return self[11:14]

    @property
    def kind(self) -> Literal["lo", "lov", "lovd"]:
        """Leistungstyp of FIM: object, object with action, object with action and detail."""
        if self.detail != "000":
            return "lovd"
        return "lo" if self.action == "000" else "lov"

    @property
    def hierarchy(self) -> tuple[LeikaKey, ...]:
        """The key and its wider keys: 14, then 11, then 8 significant digits, each once."""
        wider = (self, LeikaKey(self[:11] + "000"), LeikaKey(self[:8] + "000000"))
        return tuple(dict.fromkeys(wider))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate as text, then as a key."""
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Fourteen digits beginning with 99."""
        return {"type": "string", "pattern": "^99[0-9]{12}$"}
