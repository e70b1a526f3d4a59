"""Which product a site runs on."""

from __future__ import annotations

from federation.content import Content
from federation.site import Documents, Site
from federation.website import products


def website_site(content: Content) -> Site:
    """By the source's own option."""
    product = content.source.get("options", {}).get("product", "generic")
    return Documents(content, getattr(products, product))
