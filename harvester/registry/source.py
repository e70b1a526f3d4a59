"""The Source: one YAML file that says where services come from. A contract: see ``docs/sources.md``."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, HttpUrl, StringConstraints, ValidationInfo, field_validator, model_validator

from harvester.model import Ars, Level, Module, Service
from harvester.model.base import Model
from harvester.registry.interfaces import INTERFACES, Interface
from harvester.registry.options import Options
from harvester.registry.schedule import cron_trigger

SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Share = Annotated[float, Field(ge=0, le=1)]

EXPECTABLE = frozenset({"leika_key", *Service.model_fields, *Module}) - {"provenance", "kind"}
"""Fields that ``expectations.fields`` may name: those of a service, and text modules."""


class Written(Model):
    """A part of a source file. Strict, so that the file means the same to us and to the JSON Schema."""

    model_config = ConfigDict(strict=True, use_attribute_docstrings=True)


class Publisher(Written):
    """Who answers for the source: an authority."""

    name: Annotated[str, StringConstraints(min_length=1)]
    """Name of the authority."""
    homepage: HttpUrl | None = None
    """Its home page."""
    contact: str = ""
    """A functional contact: an office's address or mail, never a person's."""


class Licence(Written):
    """Under which terms the texts may be shown."""

    name: Annotated[str, StringConstraints(min_length=1)]
    """Name of the licence, as SPDX lists it where it does; `unbekannt` where none is stated."""
    url: HttpUrl | None = None
    """Where its text is."""
    attribution: str = ""
    """The words it asks for."""


class Politeness(Written):
    """How gently the source is asked; the workspace's own limits hold as well."""

    requests_per_second: Annotated[float, Field(gt=0, le=50)] = 1
    """Requests to start in a second, on average."""
    concurrency: Annotated[int, Field(ge=1, le=16)] = 1
    """Requests under way at a time."""


class Range(Written):
    """A number of services that is plausible for the source.

    A source that is truly empty says so with ``max: 0``; one that may be empty at times with ``min: 0``.
    """

    min: Annotated[int, Field(ge=0)] = 1
    """Fewer are held."""
    max: Annotated[int, Field(ge=0)] | None = None
    """More are held; without, there is no limit."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_enough_for_an_empty_source(cls, data: object) -> object:
        """``max: 0`` says ``min: 0`` too."""
        return {"min": 0, **data} if isinstance(data, dict) and data.get("max") == 0 else data

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max is not None and self.max < self.min:
            raise ValueError(f"min ({self.min}) is larger than max ({self.max})")
        return self


class Expectations(Written):
    """What a good run of the source looks like; a run that breaks them is held."""

    services: Range = Range()
    """How many services are plausible."""
    max_drop: Share = 0.2
    """The largest share of services that may vanish at once."""
    fields: Annotated[dict[str, Share], Field(json_schema_extra={"propertyNames": {"enum": [*sorted(EXPECTABLE)]}})] = (
        Field(default_factory=dict)
    )
    """The least share of services that have a field: a field of the service (`leika_key`, `links` …) or a text module
    (`fees`)."""
    grace: Annotated[int, Field(ge=0, le=100)] = 0
    """How many complete runs a record may be absent from before it is withdrawn."""
    keep_days: Annotated[int, Field(ge=0, le=36_500)] = 400
    """How many days the content of a withdrawn record is kept; its identifier and its events are kept for ever."""

    @property
    def keep(self) -> timedelta:
        """How long the content of a withdrawn record is kept."""
        return timedelta(days=self.keep_days)

    @field_validator("fields")
    @classmethod
    def _fields_exist(cls, value: dict[str, float]) -> dict[str, float]:
        if unknown := sorted(set(value) - EXPECTABLE):
            raise ValueError(f"no field {', '.join(unknown)}; there are {', '.join(sorted(EXPECTABLE))}")
        return value


class Source(Written):
    """A source of service descriptions."""

    id: SourceId
    """Kebab case, unique, equal to the name of the file."""
    title: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    """What maintainers read."""
    level: Annotated[Level, Field(strict=False)]
    """Administrative level the source speaks for."""
    region: Ars
    """Regional key (ARS) of the region the source speaks for: twelve digits in quotes."""
    interface: str
    """What the source speaks; picks spider, normalizer and the model of `options`."""
    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[^\s{}]+$", max_length=2000)]
    """Where it is spoken."""
    options: Any = Field(default_factory=dict)
    """Options of the interface."""
    publisher: Publisher
    """Who answers for the source."""
    licence: Licence | None = None
    """Under which terms the texts may be shown."""
    schedule: str = "0 3 * * *"
    """When the scheduler fires it: a cron line in Europe/Berlin. Minute `0` is spread over the hour by the id, `00` is
    not."""
    politeness: Politeness = Politeness()
    """How gently it is asked."""
    expectations: Expectations = Expectations()
    """What a good run looks like."""
    enabled: bool = True
    """Whether it is harvested when nobody names it."""

    @field_validator("region", mode="before")
    @classmethod
    def _region_is_text(cls, value: object) -> object:
        if isinstance(value, int):
            raise ValueError(  # noqa: TRY004 - pydantic collects ValueErrors
                'write the region in quotes ("055130000000"): without them YAML reads a number and drops zeros'
            )
        return value

    @field_validator("interface")
    @classmethod
    def _interface_exists(cls, value: str, info: ValidationInfo) -> str:
        if value not in INTERFACES and not (info.context and info.context.get("remembered")):
            raise ValueError(f"no interface {value!r}; there are {', '.join(sorted(INTERFACES))}")
        return value

    @field_validator("schedule")
    @classmethod
    def _schedule_is_cron(cls, value: str) -> str:
        cron_trigger(value)
        return value

    @model_validator(mode="before")
    @classmethod
    def _read_options(cls, data: object) -> object:
        """Keep ``options`` as the model of the interface; it is validated where its lines are known."""
        if not isinstance(data, dict) or isinstance(data.get("options"), Options):
            return data
        interface = INTERFACES.get(str(data.get("interface")))
        return (
            data
            if interface is None
            else {**data, "options": interface.options.model_validate(data.get("options", {}))}
        )

    @classmethod
    def remembered(cls, description: str) -> Self:
        """A source as the state remembers it (JSON). Its interface may be one that the program does not speak any more.

        Such a source cannot be harvested; what it said counts until its file says otherwise.
        """
        return cls.model_validate_json(description, context={"remembered": True})

    @property
    def spoken(self) -> Interface:
        """The interface the source speaks."""
        return INTERFACES[self.interface]
