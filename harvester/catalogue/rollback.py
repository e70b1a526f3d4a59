"""Go back to an earlier build of the catalogue."""

from __future__ import annotations

import shutil
from pathlib import Path

from harvester.catalogue.publish import build_id, publish
from harvester.errors import UsageError


def roll_back(published: Path, builds: Path, wanted: str | None, *, keep: int) -> str:
    """Publish an earlier build again, checked like a new one; returns its id.

    ``wanted`` is a build id; without it the newest build that is older than the published one.

    Raises:
        UsageError: there is no such build; the message lists those that are kept.
        NotPublishableError: it does not pass its checks; the published one stays.
    """
    kept = {build_id(file): file for file in sorted(builds.glob("catalogue-*.db"))}
    current = build_id(published) if published.exists() else ""
    older = [name for name in kept if name < current or not current]
    chosen = wanted or (older[-1] if older else "")
    if chosen not in kept or chosen == current:
        told = ", ".join(kept) or "none"
        raise UsageError(f"no earlier build {chosen or 'is kept'}; kept: {told}; published: {current or 'nothing'}")
    new = builds / "catalogue.new"
    shutil.copyfile(kept[chosen], new)
    # one more place, so that the build that is left stays at hand
    publish(new, published, builds, keep=keep + 1)
    return chosen
