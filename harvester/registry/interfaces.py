"""The interfaces the program speaks: each is a spider, a normalizer and a model of its options.

Spider and normalizer are named, not imported: reading the registry must not load Scrapy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from harvester.registry.options import (
    DldbOptions,
    FimOptions,
    JsonapiOptions,
    LinklistOptions,
    OpenPvogOptions,
    Options,
    PvogOptions,
    WebsiteOptions,
    XzufiOptions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harvester.model import Context, Document, Reading


@dataclass(frozen=True, slots=True)
class Interface:
    """One kind of source.

    ``spider`` and ``normalizer`` are ``module:name``. ``version`` counts up whenever the normalizer reads the same
    bytes differently; documents read with another version are read again. ``robots`` says whether pages are crawled, so
    that robots.txt has a say; an interface offered for machines has none. ``roles`` tells by patterns what a document
    at an address is, for trying a single one. ``drift`` are fields that show, when they go missing on many records at
    once, that the source has changed its shape: such a run is partial.
    """

    name: str
    options: type[Options]
    spider: str
    normalizer: str
    version: int = 1
    robots: bool = False
    roles: tuple[tuple[str, str], ...] = (("", ""),)
    drift: tuple[str, ...] = ()

    def role_of(self, url: str) -> str:
        """What a document at an address is to the interface, as far as the address tells."""
        return next((role for pattern, role in self.roles if re.search(pattern, url)), "")

    def load_normalizer(self) -> Callable[[Document, Context], Iterator[Reading]]:
        """Import the pure function from a document to records and issues."""
        module, _, name = self.normalizer.partition(":")
        normalize: Callable[[Document, Context], Iterator[Reading]] = getattr(import_module(module), name)
        return normalize


INTERFACES: dict[str, Interface] = {
    interface.name: interface
    for interface in (
        Interface(
            "xzufi",
            XzufiOptions,
            "spiders.xzufi:XzufiSpider",
            "normalizers.xzufi:normalize",
            roles=((r"index[^/]*\.txt$", "index"), (r"\.xml$", "message"), ("", "page")),
        ),
        Interface(
            "pvog",
            PvogOptions,
            "spiders.pvog:PvogSpider",
            "normalizers.pvog:normalize",
            roles=(
                (r"/organisationunits/titles\b", "offices"),
                (r"/organisationunits/detail\b", "office"),
                (r"/onlineservices\b", "online"),
                (r"/detail\b", "detail"),
                ("", "csv"),
            ),
        ),
        Interface(
            "dldb",
            DldbOptions,
            "spiders.dldb:DldbSpider",
            "normalizers.dldb:normalize",
            roles=(("", "services"),),
        ),
        Interface(
            "fim",
            FimOptions,
            "spiders.fim:FimSpider",
            "normalizers.fim:normalize",
            roles=((r"/xzufi$", "message"), (r"/online-service\b", "index"), ("", "page")),
        ),
        Interface(
            "openpvog",
            OpenPvogOptions,
            "spiders.openpvog:OpenPvogSpider",
            "normalizers.openpvog:normalize",
            roles=(("", "export"),),
        ),
        Interface(
            "jsonapi",
            JsonapiOptions,
            "spiders.jsonapi:JsonApiSpider",
            "normalizers.jsonapi:normalize",
            roles=(("", "page"),),
        ),
        Interface(
            "linklist",
            LinklistOptions,
            "spiders.linklist:LinklistSpider",
            "normalizers.linklist:normalize",
            roles=(("", "list"),),
        ),
        Interface(
            "website",
            WebsiteOptions,
            "spiders.website:WebsiteSpider",
            "normalizers.website:normalize",
            robots=True,
            drift=("title", "description", "fees", "documents", "legal_basis", "links", "leika_key"),
            roles=((r"sitemap[^/]*\.(?:xml|txt)(?:\.gz)?$", "sitemap"), ("", "page")),
        ),
    )
}
