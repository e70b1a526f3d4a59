"""Which dialect of the city directory a source speaks."""

from __future__ import annotations

from federation.content import Content
from federation.dldb import berlin, munich
from federation.site import Documents, Site


def dldb_site(content: Content) -> Site:
    """By the `dialect` setting: `berlin` or `munich`."""
    render = {"berlin": berlin.files, "munich": munich.files}[content.setting("dialect")]
    return Documents(content, render)
