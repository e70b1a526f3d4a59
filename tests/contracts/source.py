"""The one source file of a contract test."""

import json
from typing import Any

from tests.website.town import Town


def write(
    town: Town, interface: str, path: str, *, region: str = "055130000000", level: str = "kommune", **options: Any
) -> None:
    """Write the town's source file for an interface; JSON is YAML."""
    source = {
        "id": "ort",
        "title": "Ort",
        "level": level,
        "region": region,
        "interface": interface,
        "endpoint": "{home}" + path,
        "publisher": {"name": "Ort"},
        "options": options,
    }
    town.write(json.dumps(source))
