"""The same service from several sources: which records belong together, and what each of them says."""

from harvester.merge.card import SEVERAL_KEYS, Card, Cluster, Member, Ref, reach_of
from harvester.merge.cluster import cluster
from harvester.merge.combine import Combined, Voice, combine
from harvester.merge.rules import NO_RULES, Rules
from harvester.merge.ties import tie_scopes

__all__ = [
    "NO_RULES",
    "SEVERAL_KEYS",
    "Card",
    "Cluster",
    "Combined",
    "Member",
    "Ref",
    "Rules",
    "Voice",
    "cluster",
    "combine",
    "reach_of",
    "tie_scopes",
]
