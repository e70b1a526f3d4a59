"""The same service from several sources: which records belong together, and what each of them says."""

from harvester.merge.cluster import SEVERAL_KEYS, Card, Cluster, Member, Ref, cluster
from harvester.merge.combine import Combined, Voice, combine

__all__ = ["SEVERAL_KEYS", "Card", "Cluster", "Combined", "Member", "Ref", "Voice", "cluster", "combine"]
