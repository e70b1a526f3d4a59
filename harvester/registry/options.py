"""Options of the interfaces, as they stand under ``options:`` in a source's YAML. Unknown keys are errors."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from harvester.model.base import Model


class XzufiOptions(Model):
    """XZuFi messages: pulled by an index file, or as pages of PVOG's Bereitstelldienst.

    ``index``: the endpoint is the folder that holds ``index.txt``. ``bereitstelldienst``: it is the address of the first
    page, and ``token_url``, ``client_id`` and ``client_secret`` open it (OAuth2 client credentials).
    ``regions_within`` keeps only records for that region and the regions inside it.
    """

    transport: Literal["index", "bereitstelldienst"] = "index"
    index: str = "index.txt"
    token_url: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    regions_within: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = [self.token_url is not None, self.client_id is not None, self.client_secret is not None]
        if any(given) and not all(given):
            message = "token_url, client_id and client_secret belong together: give all three or none"
            raise ValueError(message)
        return self


class PvogOptions(Model):
    """PVOG Suchdienst: the bulk CSV of a region and, with ``details``, one detail call per service.

    ``client_id`` is the free key of the Produktportal, sent as ``pvog-sud-api-client-id``.
    """

    details: bool = False
    client_id: SecretStr | None = None
    language: str = Field(default="de", pattern="^[a-z]{2}$")


class DldbOptions(Model):
    """Dienstleistungsdatenbank, Berlin's and Munich's dialects: one JSON document of all services."""

    language: str = Field(default="de", pattern="^[a-z]{2}$")
