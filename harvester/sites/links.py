"""What a person does behind a link, told from its host, its path and its words (``data/link_roles.yml``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from urllib.parse import unquote, urlsplit

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from harvester.data import data_file
from harvester.errors import ConfigurationError
from harvester.model import LinkRole
from harvester.model.base import Model
from harvester.sites.profile import Pattern


class LinkKind(StrEnum):
    """How a target has to be treated.

    ``page`` can be opened by anybody. ``launcher`` begins a session and leads on to a login or a form: a redirect there
    is as it should be. ``template`` lacks something the portal fills in.
    """

    PAGE = "page"
    LAUNCHER = "launcher"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Target:
    """What a link leads to, and by which rule we say so (``host.form-solutions``, ``words.apply``, ``else``)."""

    role: LinkRole
    kind: LinkKind
    rule: str
    why: str


class LinkRule(Model):
    """An entry of ``data/link_roles.yml``: all that it names has to fit. See the head of that file."""

    id: str = Field(pattern="^[a-z0-9.-]+$")
    role: LinkRole
    why: str = Field(min_length=1)
    kind: LinkKind = LinkKind.PAGE
    host: Pattern | None = None
    path: Pattern | None = None
    words: Pattern | None = None

    def fits(self, host: str, path: str, words: str) -> bool:
        """Whether everything that is named fits."""
        named = ((self.host, host), (self.path, path), (self.words, words))
        return all(pattern is None or re.search(pattern, text) for pattern, text in named)


_RULES = TypeAdapter(tuple[LinkRule, ...])
_ELSE = "Nothing about the link says more than that it leads somewhere."


@cache
def read_link_rules() -> tuple[LinkRule, ...]:
    """The rules in their order.

    Raises:
        ConfigurationError: the file is not understood.
    """
    file = data_file("link_roles.yml")
    try:
        return _RULES.validate_python(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["rules"])
    except (ValidationError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ConfigurationError([f"{file}: {error}"]) from error


def classify_link(url: str, label: str = "", *, template: bool = False) -> Target:
    """The role of a link by the first rule that fits; information where none does.

    ``url`` is a clean address, ``label`` the words of the link; ``template`` says that the address has gaps.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return Target(LinkRole.INFORMATION, LinkKind.PAGE, "else", _ELSE)
    path = unquote(parts.path + (f"?{parts.query}" if parts.query else "")).lower()
    words = label.lower()
    for rule in read_link_rules():
        if rule.fits(host, path, words):
            return Target(rule.role, LinkKind.TEMPLATE if template else rule.kind, rule.id, rule.why)
    return Target(LinkRole.INFORMATION, LinkKind.TEMPLATE if template else LinkKind.PAGE, "else", _ELSE)
