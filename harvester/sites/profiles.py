"""The profiles of ``data/sites/*.yml``, read once."""

from __future__ import annotations

import hashlib
import re
from functools import cache

import yaml
from pydantic import ValidationError

from harvester.data import data_file
from harvester.errors import ConfigurationError
from harvester.sites.profile import SiteProfile


@cache
def profile_names() -> tuple[str, ...]:
    """Names of all profiles: those of their files."""
    return tuple(sorted(file.stem for file in data_file("sites").glob("*.yml")))


@cache
def profile_named(name: str) -> SiteProfile:
    """A profile by its name.

    Raises:
        ConfigurationError: there is none of that name, or its file is not understood.
    """
    if name not in profile_names():
        raise ConfigurationError([f"no site profile {name!r}; there are {', '.join(profile_names())}"])
    file = data_file(f"sites/{name}.yml")
    try:
        return SiteProfile.model_validate(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigurationError([f"{file}: {error}"]) from error


@cache
def profile_digest(name: str) -> str:
    """Changes whenever the profile does, so that pages are read again."""
    return hashlib.blake2b(profile_named(name).model_dump_json().encode(), digest_size=6).hexdigest()


def product_of(text: str) -> str | None:
    """The product whose signs an address, or a page's markup, bears; None where it could be anybody's."""
    for name in profile_names():
        if any(re.search(sign, text) for sign in profile_named(name).signs):
            return name
    return None
