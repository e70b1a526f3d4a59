"""A site profile: what all sites of one product have in common. A file of ``data/sites``."""

from __future__ import annotations

import re
from typing import Annotated, Self

from cssselect import GenericTranslator, SelectorError
from pydantic import AfterValidator, Field, model_validator

from harvester.model.base import Model

FIELDS = frozenset({"title", "summary", "key", "keywords", "office", "modified"})
"""Fields of a service that stand at one place; texts are found by their headings."""


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from error
    return value


def _selector(value: str) -> str:
    css, _, attribute = value.partition("@")
    try:
        GenericTranslator().css_to_xpath(css)
    except SelectorError as error:
        raise ValueError(f"{css!r} is no CSS selector: {error}") from error
    if "@" in value and not re.fullmatch(r"[a-z][a-z-]*", attribute):
        raise ValueError(f"{value!r} names no attribute behind the @")
    return value


Pattern = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_pattern)]
"""A regular expression, searched in an address from its path on (``/de/_meta/…?query``)."""

Place = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_selector)]
"""Where a value stands: a CSS selector, ``selector@attribute`` for an attribute of it."""


class SiteProfile(Model):
    """What is known of a product.

    ``services`` are addresses of service pages; a group ``id`` in a pattern is the service's identifier, else the path
    is. ``never`` is not followed whatever else fits. ``listings`` are pages that lead to services; ``start`` are those
    to begin with where there is no sitemap, relative to the source's address; ``complete`` says that together they name
    every service. ``launchers`` are addresses that begin an application in a session. ``query`` are the parameters an
    address is told apart by; None keeps all that are no trackers.

    ``main`` is the part of a page that is about the service: without a match the page is no service. ``drop`` is taken
    out of it. ``fields`` are places by field, first match first. ``headings`` are what stands above a text besides
    ``h2`` to ``h6``; ``actions`` hold links to applications outside ``main``. ``signs`` are searched in addresses and
    pages to recognise the product. ``origin`` tells where all this is known from.
    """

    title: str = Field(min_length=1)
    origin: str = Field(min_length=1)
    services: tuple[Pattern, ...] = Field(min_length=1)
    never: tuple[Pattern, ...] = ()
    listings: tuple[Pattern, ...] = ()
    start: tuple[str, ...] = ()
    complete: bool = False
    launchers: tuple[Pattern, ...] = ()
    query: tuple[str, ...] | None = None
    main: tuple[Place, ...] = Field(min_length=1)
    drop: tuple[Place, ...] = ()
    fields: dict[str, tuple[Place, ...]] = Field(default_factory=dict)
    headings: tuple[Place, ...] = ()
    actions: tuple[Place, ...] = ()
    signs: tuple[Pattern, ...] = ()

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        if unknown := sorted(set(self.fields) - FIELDS):
            raise ValueError(f"no field {', '.join(unknown)}; there are {', '.join(sorted(FIELDS))}")
        return self
