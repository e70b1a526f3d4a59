"""Something about taxonomies, rules or assignments that a person should look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding in the terms of the catalogue's table ``finding``.

    ``rule`` is a stable code such as ``situations.unknown-code``; ``entity`` and ``entity_id`` say what it is about
    (``situation``, ``service``, ``override``, ``portal``, ``situation_map``); the message is a sentence for a maintainer, the
    hint says what to do.
    """

    severity: Literal["error", "warning", "info"]
    rule: str
    entity: str
    entity_id: str
    message: str
    hint: str = ""
