"""Options of the interfaces, as they stand under ``options:`` in a source's YAML. Unknown keys are errors."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, SecretStr, WithJsonSchema, model_validator

from harvester.model.base import Model

Secret = Annotated[SecretStr, WithJsonSchema({"type": "string", "pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$"})]
"""A secret is never printed, and in YAML it is the name of a variable: ``${NAME}``."""

Language = Annotated[str, Field(pattern="^[a-z]{2}$")]


class Options(Model):
    """What all options share: a text is no number and ``yes`` in quotes no truth value, as the JSON Schema has it."""

    model_config = ConfigDict(strict=True, use_attribute_docstrings=True)

    @classmethod
    def secrets(cls) -> frozenset[str]:
        """Names of the options that are secrets."""
        return frozenset(name for name, field in cls.model_fields.items() if "SecretStr" in repr(field.annotation))


class XzufiOptions(Options):
    """XZuFi messages: pulled by an index file, or as pages of PVOG's Bereitstelldienst."""

    transport: Literal["index", "bereitstelldienst"] = "index"
    """`index`: the endpoint is the folder that holds the index file. `bereitstelldienst`: it is the address of the
    first page."""
    index: str = "index.txt"
    """Name of the index file."""
    token_url: str | None = None
    """Where a token is asked for (OAuth2 client credentials). Goes with `client_id` and `client_secret`."""
    client_id: str | None = None
    """Name of the client, without which there is no token."""
    client_secret: Secret | None = None
    """Secret of the client."""
    regions_within: str | None = None
    """Keep only records for this region (ARS) and the regions inside it."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = [self.token_url is not None, self.client_id is not None, self.client_secret is not None]
        if any(given) and not all(given):
            raise ValueError("token_url, client_id and client_secret belong together: give all three or none")
        return self


class PvogOptions(Options):
    """PVOG Suchdienst: the bulk CSV of a region and, on request, the details of each service."""

    details: bool = False
    """Ask for the details of each service, one call each; without, the CSV is all there is."""
    client_id: Secret | None = None
    """The free key of the Produktportal, sent as `pvog-sud-api-client-id`."""
    language: Language = "de"
    """Language to ask for."""


class DldbOptions(Options):
    """Dienstleistungsdatenbank, Berlin's and Munich's dialects: one JSON document of all services."""

    language: Language = "de"
    """Language the texts are in."""
