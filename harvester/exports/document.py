"""A service as one JSON document. JSON -> model -> JSON is the identity."""

from __future__ import annotations

from typing import Literal

from harvester.model import Model


class Office(Model):
    """An organisation; ``region`` is the ARS it speaks for."""

    id: str
    name: str
    level: str | None
    region: str | None
    homepage: str | None
    phone: str | None
    email: str | None
    address: str | None


class Key(Model):
    """A LeiKa key; ``origin`` says whether the source states it or it was matched, ``confidence`` is 0 to 1."""

    leika_key: str
    origin: Literal["source", "matched"]
    confidence: float


class Statement(Model):
    """A record of a source that the service was made from."""

    source_id: str
    remote_id: str
    url: str
    reason: str
    evidence: str


class Validity(Model):
    """A region (ARS) in which the description holds."""

    ars: str
    precision: Literal["exact", "parent", "assumed"]


class TextModule(Model):
    """A text in one language: with the allowed markup, and without any.

    ``origin_id`` is the service whose description it is of: this one, or its base description (the Land's or the Bund's).
    """

    language: str
    module: str
    html: str
    text: str
    origin_id: str


class Online(Model):
    """The online service a link leads to."""

    id: str
    title: str
    trust_level: str | None
    identification: str | None
    payment: str | None
    languages: str | None


class ServiceLink(Model):
    """A link with its role and what the link check knows of it. Where ``ars`` is given, it holds there and inside only.

    ``code`` is the check's own finer word for the outcome. ``substitute`` is the best living address in the place of a dead
    one, with the reason in German.
    """

    url: str
    role: str
    label: str
    language: str
    state: Literal["ok", "suspect", "dead", "unchecked"]
    outcome: str | None
    code: str | None
    http_status: int | None
    final_url: str | None
    since: str | None
    last_checked_at: str | None
    last_ok_at: str | None
    suggestion: str | None
    substitute: str | None
    substitute_reason: str | None
    ars: str | None
    online_service: Online | None

    @property
    def button(self) -> str | None:
        """Where a portal may send people: the address, its substitute where it cannot be used, else nowhere (v_service_link)."""
        unusable = self.state == "dead" or self.outcome == "invalid" or self.code in ("template", "script-address")
        return self.substitute if unusable else self.url


class Competence(Model):
    """Who answers for the service where (ARS)."""

    organisation: Office
    ars: str
    role: Literal["responsible", "contact"]


class InSituation(Model):
    """A life or business situation the service belongs to, with the rule that says so. ``rank`` 0 is the foremost."""

    id: str
    taxonomy: str
    code: str
    name: str
    origin: str
    confidence: float
    rule: str
    rank: int


class Publisher(Model):
    """The source whose description leads, with the words its licence asks for."""

    id: str
    title: str
    region: str
    name: str | None
    homepage: str | None
    licence: str | None
    attribution: str | None


class ServiceDocument(Model):
    """Everything the catalogue knows of a service. Times are UTC ISO 8601, regions ARS, languages BCP 47."""

    id: str
    slug: str
    title: str
    official_title: str | None
    summary: str | None
    language: str
    leika_key: str | None
    leika_keys: tuple[Key, ...]
    level: str
    audience: tuple[str, ...]
    status: Literal["live", "missing", "withdrawn"]
    source: Publisher
    organisation: Office | None
    statements: tuple[Statement, ...]
    regions: tuple[Validity, ...]
    texts: tuple[TextModule, ...]
    links: tuple[ServiceLink, ...]
    competences: tuple[Competence, ...]
    situations: tuple[InSituation, ...]
    source_modified_at: str | None
    first_seen_at: str
    last_seen_at: str
    changed_at: str
    content_hash: str
