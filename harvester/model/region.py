"""Regions, as the table of regional keys lists them."""

from harvester.model.ars import Ars
from harvester.model.base import Model


class Region(Model):
    """A region with its name (``Gelsenkirchen``) and kind (``Bund``, ``Land``, ``Kreis``, ``kreisfreie Stadt`` …)."""

    ars: Ars
    name: str
    kind: str
    parent: Ars | None = None
