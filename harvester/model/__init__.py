"""The common model: what a service, an office and a link are, whatever source tells of them."""

from harvester.model.ars import BUND, Ars, Level
from harvester.model.base import Model
from harvester.model.document import Context, Coverage, Cursor, Document, Lost, Proof
from harvester.model.html import CLEANING, Clean, clean_line, clean_text, is_placeholder
from harvester.model.leika import LeikaKey
from harvester.model.link import Link, LinkRole
from harvester.model.reading import DocumentError, Found, Issue, Reading
from harvester.model.region import Region
from harvester.model.service import (
    Audience,
    Code,
    Competence,
    Deletion,
    Entity,
    OnlineService,
    Organisation,
    Origin,
    Record,
    Service,
)
from harvester.model.text import Module, Text

__all__ = [
    "BUND",
    "CLEANING",
    "Ars",
    "Audience",
    "Clean",
    "Code",
    "Competence",
    "Context",
    "Coverage",
    "Cursor",
    "Deletion",
    "Document",
    "DocumentError",
    "Entity",
    "Found",
    "Issue",
    "LeikaKey",
    "Level",
    "Link",
    "LinkRole",
    "Lost",
    "Model",
    "Module",
    "OnlineService",
    "Organisation",
    "Origin",
    "Proof",
    "Reading",
    "Record",
    "Region",
    "Service",
    "Text",
    "clean_line",
    "clean_text",
    "is_placeholder",
]
