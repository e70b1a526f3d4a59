"""Places of values. The same few thousand recur in every record, so they are made once."""

from __future__ import annotations

from functools import lru_cache

from harvester.model.provenance import origin

place = lru_cache(maxsize=16_384)(origin)
"""The origin of a value: its locator within the record, and the rule that read it."""
