"""The Source: one YAML file that says where services come from. A contract: see ``docs/sources.md``."""

from __future__ import annotations

from typing import Annotated, Any

from apscheduler.triggers.cron import CronTrigger
from pydantic import Field, HttpUrl, StringConstraints, ValidationInfo, field_validator, model_validator

from harvester.model import Ars, Level, Module, Service
from harvester.model.base import Model
from harvester.registry.interfaces import INTERFACES, Interface

SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]


class Publisher(Model):
    """Who answers for the source: an authority, with a functional contact (an office's address or mail)."""

    name: str
    homepage: HttpUrl | None = None
    contact: str = ""


class Licence(Model):
    """Under which terms the texts may be shown, and the attribution they ask for."""

    name: str
    url: HttpUrl | None = None
    attribution: str = ""


class Politeness(Model):
    """How gently the source is asked; the workspace's own limits hold as well."""

    requests_per_second: Annotated[float, Field(gt=0, le=50)] = 1
    concurrency: Annotated[int, Field(ge=1, le=16)] = 1


class Range(Model):
    """A number of services that is plausible for the source."""

    min: Annotated[int, Field(ge=0)] = 0
    max: Annotated[int, Field(ge=0)] | None = None


class Expectations(Model):
    """What a good run of the source looks like; a run that breaks them is held.

    ``max_drop`` is the largest share of services that may vanish at once. ``fields`` gives the least share of services
    that have a field: a field of the service (``leika_key``, ``links``, ``summary`` …) or a text module (``fees``).
    ``grace`` is how many complete runs a record may be absent from before it is withdrawn.
    """

    services: Range = Range()
    max_drop: Annotated[float, Field(ge=0, le=1)] = 0.2
    fields: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    grace: Annotated[int, Field(ge=0, le=100)] = 0

    @field_validator("fields")
    @classmethod
    def _fields_exist(cls, value: dict[str, float]) -> dict[str, float]:
        known = {"leika_key", *Service.model_fields, *Module} - {"provenance", "kind"}
        if unknown := sorted(set(value) - known):
            message = f"no field {', '.join(unknown)}; there are {', '.join(sorted(known))}"
            raise ValueError(message)
        return value


class Source(Model):
    """A source of service descriptions.

    ``options`` is validated by the model of the interface and kept as that model.
    """

    id: SourceId
    title: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    level: Level
    region: Ars
    interface: str
    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)]
    options: Any = Field(default_factory=dict)
    publisher: Publisher
    licence: Licence | None = None
    schedule: str = "0 3 * * *"
    politeness: Politeness = Politeness()
    expectations: Expectations = Expectations()
    enabled: bool = True

    @field_validator("region", mode="before")
    @classmethod
    def _region_is_text(cls, value: object) -> object:
        if isinstance(value, int):
            message = 'write the region in quotes ("055130000000"): without them YAML reads a number and drops zeros'
            raise ValueError(message)
        return value

    @field_validator("interface")
    @classmethod
    def _interface_exists(cls, value: str) -> str:
        if value not in INTERFACES:
            message = f"no interface {value!r}; there are {', '.join(sorted(INTERFACES))}"
            raise ValueError(message)
        return value

    @field_validator("schedule")
    @classmethod
    def _schedule_is_cron(cls, value: str) -> str:
        CronTrigger.from_crontab(value, timezone="Europe/Berlin")
        return value

    @model_validator(mode="before")
    @classmethod
    def _read_options(cls, data: Any, info: ValidationInfo) -> Any:
        """Validate ``options`` with the interface's model, so that a wrong key is found where it stands."""
        del info
        if not isinstance(data, dict):
            return data
        interface = INTERFACES.get(str(data.get("interface")))
        options = data.get("options") or {}
        if interface is None or not isinstance(options, dict):
            return data
        return {**data, "options": interface.options.model_validate(options)}

    @property
    def spoken(self) -> Interface:
        """The interface the source speaks."""
        return INTERFACES[self.interface]
