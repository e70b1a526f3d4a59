"""The settings in force: what counts, and where each value comes from. Secrets are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, SecretStr

from harvester.registry import Registry
from harvester.workspace import Workspace

_HIDDEN = "••••••"
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+(?=@)")
"""Name and password in an address."""

_HOOK = re.compile(r"^(https?://)(?:[^/@\s]*@)?([^/?#\s]+).*$")
"""An address that is posted to: what stands behind its host is often the secret."""

_SECRET = frozenset({"password", "secret", "token"})
"""Names of settings that hold secrets."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in force: its name with its table, its value as text, and its origin (``default`` or a file and line)."""

    name: str
    value: str
    origin: str


def settings_in_force(workspace: Workspace, registry: Registry) -> Iterator[Setting]:
    """All settings of ``harvester.toml``, then the secrets that sources were given by the environment.

    Raises:
        ConfigurationError: ``harvester.toml`` is wrong.
    """
    for table, settings in workspace.settings:
        for key, value in settings:
            line = workspace.line_of(table, key)
            yield Setting(f"{table}.{key}", _told(value, key), f"harvester.toml:{line}" if line else "default")
    for source in registry.sources.values():
        for name in sorted(source.options.secrets()):
            if (value := getattr(source.options, name)) is not None:
                yield Setting(f"{source.id}: options.{name}", _told(value), "environment")


def _told(value: object, name: str = "") -> str:
    """A value as text, without what is secret."""
    if isinstance(value, SecretStr) or (name in _SECRET and value):
        return _HIDDEN
    match value:
        case BaseModel():
            return " ".join(f"{key}={_told(below, key)}" for key, below in value if below not in {"", None})
        case tuple() | list():
            return ", ".join(map(_told, value)) or "none"
        case None:
            return "none"
    pattern, shown = (_HOOK, rf"\1\2/{_HIDDEN}") if name == "url" else (_PASSWORD, _HIDDEN)
    return pattern.sub(shown, str(value))
