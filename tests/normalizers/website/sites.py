"""Case folders of websites: a folder per product with its sites, a folder in it per page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from harvester.model import Ars, Context, Document, Level, Reading
from harvester.registry.options import WebsiteOptions
from normalizers.website import normalize
from tests.normalizers.reading import CASES, document

FOLDERS = sorted(path.parent for path in (CASES / "website").glob("*/*/input.html"))
PRODUCTS = sorted({folder.parent.name for folder in FOLDERS})


def site_of(product: str) -> dict[str, Any]:
    return yaml.safe_load((CASES / "website" / product / "site.yml").read_text("utf-8"))


def page(body: bytes | str, url: str, **fields: Any) -> Document:
    return replace(document(body, "page"), url=url, **fields)


def context_of(endpoint: str, **options: Any) -> Context:
    return Context("ort", Level.KOMMUNE, Ars("059990000000"), endpoint, WebsiteOptions(**options))


def read(
    body: bytes | str, url: str = "https://www.musterdorf.example/leistungen/hund", **options: Any
) -> list[Reading]:
    home = "/".join(url.split("/")[:3]) + "/"
    return list(normalize(page(body, url), context_of(home, **options)))


def read_case(folder: Path) -> list[Reading]:
    site = site_of(folder.parent.name)
    url = site["endpoint"].split("/", 3)
    found = page((folder / "input.html").read_bytes(), "/".join(url[:3]) + site["cases"][folder.name])
    return list(normalize(found, context_of(site["endpoint"], product=site["product"])))
