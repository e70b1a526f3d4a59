"""Which of the two ways a source delivers XZuFi."""

from __future__ import annotations

from federation.content import Content
from federation.site import Documents, Site
from federation.xzufi.export import ExportLog
from federation.xzufi.index import files


def xzufi_site(content: Content) -> Site:
    """By the `transport` option of the registry entry; `index` unless given."""
    options = content.source.get("options") or {}
    if options.get("transport", "index") == "bereitstelldienst":
        return ExportLog(content)
    return Documents(content, files)
