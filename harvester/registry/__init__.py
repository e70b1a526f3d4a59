"""The source registry: YAML files, their model, and what is wrong with them."""

from harvester.registry.interfaces import INTERFACES, Interface
from harvester.registry.registry import Problem, Registry, read_registry, read_source
from harvester.registry.source import Source

__all__ = ["INTERFACES", "Interface", "Problem", "Registry", "Source", "read_registry", "read_source"]
