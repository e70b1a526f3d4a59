"""The plan: when each source and each host's links will be done, which hosts bound the week, and what to do about it."""

from harvester.plan.plan import Plan, make_plan

__all__ = ["Plan", "make_plan"]
