"""The public service (Leistung) and what belongs to it, as one source describes them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, SkipValidation, StringConstraints

from harvester.model.ars import Ars
from harvester.model.base import Model
from harvester.model.leika import LeikaKey
from harvester.model.link import Link
from harvester.model.text import Text

RemoteId = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Audience(StrEnum):
    """Leistungsadressat: whom the service is for (XZuFi code list ``leistungsadressat``)."""

    CITIZEN = "citizen"  # 001
    BUSINESS = "business"  # 002
    ADMINISTRATION = "administration"  # 003


class Code(Model):
    """An entry of a code list, always with its list: codes of different lists collide."""

    list_uri: str
    code: str
    version: str = ""
    name: str = ""


class Origin(Model):
    """Where a value comes from: place in the document, relative to the record, and the rule that read it."""

    locator: str
    rule: str


class Entity(Model):
    """What all records have: the source's own identifier, and the origin of every value.

    ``provenance`` maps a field path (``title``, ``texts/fees/de``, ``links/0``, ``leika_keys``) to its origin. It is not
    validated: no source writes into it, and a record has thirty of them.
    """

    remote_id: RemoteId
    provenance: SkipValidation[dict[str, Origin]] = Field(default_factory=dict)


class Service(Entity):
    """A service description of one source.

    Region keys say where the description holds; an empty tuple means: where the source itself is at home.
    ``title`` is what a citizen reads (Leistungsbezeichnung II), ``official_title`` the catalogue's name.
    ``language`` is the language of these two; texts carry their own.
    """

    kind: Literal["service"] = "service"
    title: Name
    official_title: str = ""
    language: str = "de"
    leika_keys: tuple[LeikaKey, ...] = ()
    regions: tuple[Ars, ...] = ()
    audience: tuple[Audience, ...] = ()
    leika_types: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()
    links: tuple[Link, ...] = ()
    synonyms: tuple[str, ...] = ()
    situations: tuple[Code, ...] = ()
    organisations: tuple[RemoteId, ...] = ()
    page: str = ""
    modified_at: datetime | None = None


class OnlineService(Entity):
    """An Onlinedienst: an application that can be used over the network."""

    kind: Literal["online_service"] = "online_service"
    title: Name
    links: tuple[Link, ...] = ()
    trust_level: str = ""
    identification: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Organisation(Entity):
    """An Organisationseinheit: an office. Contacts are those of the office, never of a person."""

    kind: Literal["organisation"] = "organisation"
    name: Name
    region: Ars | None = None
    homepage: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


class Competence(Entity):
    """A Zuständigkeit: who answers for a service in a region, or which online service serves it there."""

    kind: Literal["competence"] = "competence"
    service: RemoteId
    organisation: RemoteId | None = None
    online_service: RemoteId | None = None
    regions: tuple[Ars, ...] = ()
    role: Literal["responsible", "contact"] = "responsible"


class Deletion(Entity):
    """A source says that a record is gone (XZuFi ``loesche``); of an unknown record it says nothing."""

    kind: Literal["deletion"] = "deletion"
    deleted: Literal["service", "online_service", "organisation", "competence", "specialisation"]


Record: TypeAlias = Service | OnlineService | Organisation | Competence | Deletion
