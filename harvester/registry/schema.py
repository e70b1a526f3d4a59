"""The JSON Schema of a source file, for editors and for ``harvester sources lint --schema``.

Whatever it refuses, ``read_source`` refuses too. It cannot say everything: variables, cron lines and the file's name
are checked by ``read_source`` alone.
"""

from __future__ import annotations

from typing import Any

from harvester.registry.interfaces import INTERFACES
from harvester.registry.source import Source

_VARIABLE = {"type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"}


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
        options["properties"] = {
            key: told if key in interface.options.secrets() else _or_variable(told)
            for key, told in options["properties"].items()
        }
        definitions[interface.options.__name__] = options
        branches.append(
            {
                "if": {"properties": {"interface": {"const": name}}},
                "then": {"properties": {"options": {"$ref": f"#/$defs/{interface.options.__name__}"}}},
            }
        )
    schema["allOf"] = branches
    return schema


def _or_variable(told: dict[str, Any]) -> dict[str, Any]:
    """Where a text may stand, a variable of the environment may stand instead."""
    forms = told.get("anyOf", [told])
    if not any(form.get("type") == "string" for form in forms):
        return told
    about: dict[str, Any] = {key: told[key] for key in ("title", "description", "default") if key in told}
    plain = [{key: value for key, value in form.items() if key not in about} for form in forms]
    return {**about, "anyOf": [*plain, _VARIABLE]}
