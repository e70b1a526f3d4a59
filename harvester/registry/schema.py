"""The JSON Schema of a source file, for editors and for ``harvester sources lint --schema``."""

from __future__ import annotations

from typing import Any

from harvester.registry.interfaces import INTERFACES
from harvester.registry.source import Source


def source_schema() -> dict[str, Any]:
    """The schema of ``Source``; ``options`` depends on ``interface`` and is spelled out for each."""
    schema = Source.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Source"
    schema["properties"]["interface"]["enum"] = sorted(INTERFACES)
    definitions = schema.setdefault("$defs", {})
    branches = []
    for name, interface in sorted(INTERFACES.items()):
        options = interface.options.model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(options.pop("$defs", {}))
        definitions[interface.options.__name__] = options
        branches.append(
            {
                "if": {"properties": {"interface": {"const": name}}},
                "then": {"properties": {"options": {"$ref": f"#/$defs/{interface.options.__name__}"}}},
            }
        )
    schema["allOf"] = branches
    return schema
