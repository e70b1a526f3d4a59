"""What a run of one source came to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from harvester.run.fold import Changes
from harvester.run.judge import Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that was judged, as the report's table shows it. ``advice`` is the command that helps, if one does."""

    run_id: str
    source_id: str
    level: str
    judgement: Judgement
    fetched: int = 0
    reused: int = 0
    changes: Changes = field(default_factory=Changes)
    errors: int = 0
    warnings: int = 0
    requests: int = 0
    received: int = 0
    advice: str = ""

    @property
    def verdict(self) -> Verdict:
        """The verdict alone."""
        return self.judgement.verdict

    def as_json(self) -> dict[str, object]:
        """The outcome as plain data."""
        return {
            "run": self.run_id,
            "source": self.source_id,
            "level": self.level,
            "verdict": str(self.verdict),
            "reason": self.judgement.reason,
            "advice": self.advice,
            "fetched": self.fetched,
            "unchanged_documents": self.reused,
            **asdict(self.changes),
            "errors": self.errors,
            "warnings": self.warnings,
            "requests": self.requests,
            "bytes": self.received,
        }


@dataclass(frozen=True, slots=True)
class Busy:
    """A source that was not run, because another run is at it."""

    source_id: str
    reason: str
