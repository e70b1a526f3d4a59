"""The e-government harvester: service descriptions of Bund, Land and Kommune in one catalogue."""

__version__ = "0.1.0"
