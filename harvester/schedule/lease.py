"""The lease that tells that a scheduler lives."""

SCHEDULER = "scheduler"
"""Its name. The first scheduler of a workspace holds it; a second does without and works all the same."""
