"""Options of the interfaces, as they stand under ``options:`` in a source's YAML. Unknown keys are errors."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, WithJsonSchema, field_validator, model_validator

from harvester.model import Ars, LinkRole, Module
from harvester.model.base import Model
from harvester.sites.profile import Pattern, Place
from harvester.sites.profiles import profile_digest, profile_names

Secret = Annotated[SecretStr, WithJsonSchema({"type": "string", "pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$"})]
"""A secret is never printed, and in YAML it is the name of a variable: ``${NAME}``."""


def _read_region(value: str) -> str:
    Ars.padded(value)
    return value


Within = Annotated[
    str,
    Field(pattern=r"^([0-9]{2}|[0-9]{3}|[0-9]{5}|[0-9]{9}|[0-9]{12}|0+)$", max_length=12),
    AfterValidator(_read_region),
]
"""A regional key, or the beginning of one that names a region."""

Language = Annotated[str, Field(pattern="^[a-z]{2}$")]


class Options(Model):
    """What all options share: a text is no number and ``yes`` in quotes no truth value, as the JSON Schema has it."""

    model_config = ConfigDict(strict=True, use_attribute_docstrings=True)

    def reading(self) -> str:
        """What about the options decides how a document is read: documents read otherwise are read again."""
        return repr(self)

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
    regions_within: Within | None = None
    """Keep only records for this region (ARS, or the beginning that names a Land, Kreis or Verband) and the regions inside
    it."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = [self.token_url is not None, self.client_id is not None, self.client_secret is not None]
        if any(given) and not all(given):
            raise ValueError("token_url, client_id and client_secret belong together: give all three or none")
        return self


class PvogOptions(Options):
    """PVOG Suchdienst: the bulk CSV of a region and, on request, details, competent offices and online services."""

    details: bool = False
    """Ask for the details of each service, one call each; without, the CSV is all there is."""
    organisations: bool = False
    """Ask who is competent for each service in the region, one call each, and for each of these offices, one call each."""
    online_services: bool = False
    """Ask for the region's online services, page by page, and which services they serve."""
    client_id: Secret | None = None
    """The free key of the Produktportal, sent as `pvog-sud-api-client-id`."""
    language: Language = "de"
    """Language to ask for."""


class DldbOptions(Options):
    """Dienstleistungsdatenbank, Berlin's and Munich's dialects: one JSON document of all services."""

    language: Language = "de"
    """Language the texts are in."""


class WebsiteOptions(Options):
    """A municipal website: its product says where everything is, the rest only what is different here."""

    product: str = "generic"
    """What the site runs on: the name of a profile in `data/sites`."""
    language: Language = "de"
    """Language of the pages that are harvested."""
    services: Annotated[tuple[Pattern, ...], Field(strict=False)] = ()
    """Addresses of service pages, as regular expressions on the path; replace those of the product."""
    never: Annotated[tuple[Pattern, ...], Field(strict=False)] = ()
    """Addresses that are not followed, besides those of the product."""
    start: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Pages to begin with where there is no sitemap, relative to the endpoint; replace those of the product."""
    sitemap: str | None = None
    """Address of the sitemap, relative to the endpoint, where robots.txt does not name it."""
    pages: Annotated[int, Field(ge=1, le=50_000)] = 5_000
    """Most service pages to fetch in a run."""
    depth: Annotated[int, Field(ge=0, le=10)] = 3
    """How many steps pages that lead on are followed from the first ones."""

    @field_validator("product")
    @classmethod
    def _product_is_known(cls, value: str) -> str:
        if value not in profile_names():
            raise ValueError(f"no product {value!r}; there are {', '.join(profile_names())}")
        return value

    def reading(self) -> str:
        """The options and the profile: pages are read again when either changes."""
        return f"{self!r} {profile_digest(self.product)}"


class LinklistOptions(Options):
    """A list of links that an editor keeps: CSV, TSV, JSON, XLSX, or a table on a web page."""

    LINKS: ClassVar[frozenset[str]] = frozenset(LinkRole)
    FIELDS: ClassVar[frozenset[str]] = LINKS | {
        "id",
        "title",
        "key",
        "summary",
        "description",
        "fees",
        "office",
        "keywords",
        "modified",
    }

    columns: dict[str, str] = Field(
        default_factory=lambda: {"title": "title"}, json_schema_extra={"propertyNames": {"enum": [*sorted(FIELDS)]}}
    )
    """What stands in which column: field of the service, or role of a link, to the column's name."""
    ignore: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Columns that are known and not wanted; others are reported as new."""
    base: Annotated[str, Field(pattern="^https?://")] | None = None
    """Where addresses that begin with `/` begin; without, they are no addresses."""
    format: Literal["auto", "csv", "tsv", "json", "xlsx", "html"] = "auto"
    """Form of the list; `auto` looks at it."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """What parts the fields of a CSV; without, the commonest sign of its first line that can."""
    sheet: str | None = None
    """Sheet of an XLSX; the first one without."""
    table: Place | None = None
    """CSS selector of the table on a web page; without, the first one that has the columns."""
    records: Annotated[str, Field(pattern="^(/.*)?$")] = ""
    """JSON pointer to the list inside a JSON document."""
    language: Language = "de"
    """Language the list is in."""

    @field_validator("columns")
    @classmethod
    def _columns_are_known(cls, value: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(value) - cls.FIELDS):
            raise ValueError(f"no field {', '.join(unknown)}; there are {', '.join(sorted(cls.FIELDS))}")
        if "title" not in value:
            raise ValueError("columns must name the one with the title")
        return value


class FimOptions(Options):
    """The FIM portal's API: base texts of services."""

    source: Literal["leika", "landesredaktion", "pvog"] = "leika"
    """Whose texts: the Bund's base texts, the Länder's, or what PVOG delivers."""
    editors: str | None = None
    """Only texts of this editorial system (`redaktion_id`)."""
    documents: bool = False
    """Ask for the XZuFi document of each text, one call each; the list has only short text, full text and laws."""
    incremental: bool = False
    """After the first run ask only for what was changed since (`updated_since`). Nothing is ever noticed as gone then."""
    online_services: bool = False
    """Ask for the online services, too."""


class OpenPvogOptions(Options):
    """Open-PVOG, the Data Hub's export for the source's region."""

    include_above: bool = False
    """Also what the regions above offer there."""
    include_below: bool = False
    """Also what the regions inside offer."""


class JsonapiOptions(Options):
    """Drupal's JSON:API: a collection of nodes."""

    FIELDS: ClassVar[frozenset[str]] = frozenset({*LinkRole, *Module, "title", "key"})

    fields: dict[str, str] = Field(
        default_factory=lambda: {"title": "title"}, json_schema_extra={"propertyNames": {"enum": [*sorted(FIELDS)]}}
    )
    """What stands in which attribute: `title`, `key`, a text module, or the role of a link, to the attribute's name."""
    ignore: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Attributes that are known and not wanted; other `field_…` are reported as new."""
    language: Language = "de"
    """Language of nodes that do not tell theirs."""

    @field_validator("fields")
    @classmethod
    def _fields_are_known(cls, value: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(value) - cls.FIELDS):
            raise ValueError(f"no field {', '.join(unknown)}; there are {', '.join(sorted(cls.FIELDS))}")
        if "title" not in value:
            raise ValueError("fields must name the attribute with the title")
        return value
