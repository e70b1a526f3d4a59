"""Explain a value: back from the catalogue to the bytes it was read from."""

from harvester.explain.excerpt import Excerpt, excerpt
from harvester.explain.locator import LocatorError

__all__ = ["Excerpt", "LocatorError", "excerpt"]
