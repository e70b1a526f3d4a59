"""Life situations: every service in the drawer where a person looks, and why it lies there."""

from harvester.situations.assignment import Assigned, Assignment
from harvester.situations.cascade import assign
from harvester.situations.explain import Explanation, explain, explain_title
from harvester.situations.finding import Finding
from harvester.situations.knowledge import Knowledge, knowledge_files, read_knowledge
from harvester.situations.portal import Portal, check_portal, read_portal, read_portals
from harvester.situations.review import Case, review
from harvester.situations.words import Words, read_words

__all__ = [
    "Assigned",
    "Assignment",
    "Case",
    "Explanation",
    "Finding",
    "Knowledge",
    "Portal",
    "Words",
    "assign",
    "check_portal",
    "explain",
    "explain_title",
    "knowledge_files",
    "read_knowledge",
    "read_portal",
    "read_portals",
    "read_words",
    "review",
]
