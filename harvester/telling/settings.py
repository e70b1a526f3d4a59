"""``[telling]`` of ``harvester.toml``. Secrets never stand in it: ``${NAME}`` is filled from the environment when it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from harvester.errors import HarvesterError
from harvester.model.base import Model

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>\r\n,;]+@[^@\s<>\r\n,;]+$")]


class MailSettings(Model):
    """``[telling.mail]``: a server for mail, ``sender`` and the people it goes to."""

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: _Address
    to: tuple[_Address, ...] = Field(min_length=1)
    user: str = ""
    password: str = ""


class HookSettings(Model):
    """``[[telling.hooks]]``: an address that is posted to.

    ``kind`` is the form: ``json`` (signed with ``secret``: HMAC-SHA256 over time and body), ``mattermost``, or ``matrix`` (``url`` is the
    home server, ``room`` the room, ``secret`` the access token).
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    kind: Literal["json", "mattermost", "matrix"] = "json"
    url: str
    secret: str = ""
    room: str = ""


class TellingSettings(Model):
    """``[telling]``: ``digest`` is the hour (Europe/Berlin) of the daily summary; None: no summary, all is told as it happens."""

    digest: int | None = Field(default=None, ge=0, le=23)
    mail: MailSettings | None = None
    hooks: tuple[HookSettings, ...] = ()


class SecretMissingError(HarvesterError):
    """The environment lacks a variable that a setting names."""


def filled(text: str, environment: Mapping[str, str]) -> str:
    """The text with its variables.

    Raises:
        SecretMissingError: the message names the variable, never a value.
    """
    for name in _VARIABLE.findall(text):
        if name not in environment:
            raise SecretMissingError(f"the environment has no variable {name}, which [telling] names")
    return _VARIABLE.sub(lambda match: environment[match[1]], text)
