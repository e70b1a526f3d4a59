"""Text modules: where the texts of a module go in the common model."""

from __future__ import annotations

from typing import NamedTuple

from harvester.model import LinkRole, Module
from normalizers.text_modules import LINK_ROLES, MODULES


class Slot(NamedTuple):
    """Where a text goes: module, beginning of its field path (the language follows), rule, role of its links."""

    module: Module
    path: str
    rule: str
    role: LinkRole


def _slot(module: Module) -> Slot:
    role = LINK_ROLES.get(module, LinkRole.INFORMATION)
    return Slot(module, f"texts/{module}/", f"xzufi.{module.value.replace('_', '-')}", role)


TITLE = _slot(Module.TITLE)
OFFICIAL_TITLE = _slot(Module.OFFICIAL_TITLE)
DOCUMENTS = _slot(Module.DOCUMENTS)
APPROVAL = _slot(Module.APPROVAL)
DURATION = _slot(Module.DURATION)
DEADLINES = _slot(Module.DEADLINES)
FEES = _slot(Module.FEES)
OTHER = _slot(Module.OTHER)

SLOTS = {code: _slot(module) for code, module in MODULES.items()}
