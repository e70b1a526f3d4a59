"""Matching: a service whose source names no LeiKa key gets one on evidence, is proposed to an editor, or stays without."""

from harvester.matching.decided import Decided, decision_files, read_decided
from harvester.matching.decision import Alternative, Decision, Evidence, Match, Review
from harvester.matching.entries import FILES
from harvester.matching.match import match
from harvester.matching.official import Named, OfficialLinks, make_official_links
from harvester.matching.rank import Model, read_model
from harvester.matching.table import Table, read_table

__all__ = [
    "FILES",
    "Alternative",
    "Decided",
    "Decision",
    "Evidence",
    "Match",
    "Model",
    "Named",
    "OfficialLinks",
    "Review",
    "Table",
    "decision_files",
    "make_official_links",
    "match",
    "read_decided",
    "read_model",
    "read_table",
]
