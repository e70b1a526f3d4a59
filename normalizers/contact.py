"""Channels to reach an office: what a value is, whatever its code says."""

from __future__ import annotations

import re
from typing import Literal

from harvester.model import clean_line, is_placeholder

Channel = Literal["email", "phone", "homepage", ""]

_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_PHONE = re.compile(r"[+(]?[0-9][0-9 ()/.\-–]{2,}[0-9]")
# Channels of urn:de:xoev:codeliste:erreichbarkeit, version 3; those without a name are fax, De-Mail and the like.
_CHANNELS: dict[str, Channel] = {
    "01": "email",
    "02": "phone",
    "03": "phone",
    "04": "",
    "05": "",
    "06": "",
    "08": "",
    "09": "homepage",
}


def read_channel(code: str, label: str, value: str) -> tuple[Channel, str]:
    """Kind and value of a channel: by its code, checked against the value, since codes are often mixed up."""
    value = clean_line(value)
    if is_placeholder(value) or "fax" in label.lower():
        return "", ""
    kind = _CHANNELS.get(code)
    if kind == "":
        return "", ""
    if _EMAIL.fullmatch(value):
        return "email", value
    if kind == "homepage" or value.lower().startswith(("http://", "https://", "www.")):
        return "homepage", value
    return ("phone", value) if _PHONE.fullmatch(value) else ("", "")
