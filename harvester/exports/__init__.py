"""Exports of the published catalogue in the field's own formats."""

from harvester.exports.export import FORMATS, Export, run_export
from harvester.exports.write import ExportError

__all__ = ["FORMATS", "Export", "ExportError", "run_export"]
