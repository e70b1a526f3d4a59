"""The plan: when each source and each host's links will be done, which hosts bound the week, and what to do about it."""

from harvester.plan.document import Plan
from harvester.plan.plan import make_plan

__all__ = ["Plan", "make_plan"]
