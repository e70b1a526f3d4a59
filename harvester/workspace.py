"""The workspace: the directory a harvest lives in, with its settings and the places of its files."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from harvester.cluster.settings import ClusterSettings
from harvester.errors import ConfigurationError
from harvester.fetch.settings import FetchSettings, PolitenessSettings
from harvester.links.settings import LinkSettings
from harvester.model.base import Model
from harvester.schedule.settings import ScheduleSettings
from harvester.telling.settings import TellingSettings

_AT_LINE = re.compile(r"\(at line (\d+)")


class CatalogueSettings(Model):
    """``[catalogue]``: ``keep`` is how many builds stay for a rollback.

    ``max_drop`` is the largest share of services of a source or a level that a new build may lack against the published one.
    """

    keep: int = Field(default=7, ge=1, le=1000)
    max_drop: float = Field(default=0.3, ge=0, le=1)


class RunSettings(Model):
    """``[run]``: how sources are harvested.

    ``workers`` processes at once (0: one source after another in the command's own process, without limits). A source that
    takes longer than ``seconds`` or whose worker needs more than ``megabytes`` of memory is stopped and has failed.
    """

    workers: int = Field(default=2, ge=0, le=64)
    seconds: float = Field(default=6 * 3600, gt=0)
    megabytes: int = Field(default=2000, ge=200)


class ReportSettings(Model):
    """``[reports]``: their ``language`` (de or en), and for how many days they are kept."""

    language: Literal["de", "en"] = "de"
    keep_days: int = Field(default=400, ge=1)


class Settings(Model):
    """The whole of ``harvester.toml``; every table and every key is optional."""

    fetch: FetchSettings = FetchSettings()
    politeness: PolitenessSettings = PolitenessSettings()
    run: RunSettings = RunSettings()
    links: LinkSettings = LinkSettings()
    catalogue: CatalogueSettings = CatalogueSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    reports: ReportSettings = ReportSettings()
    telling: TellingSettings = TellingSettings()
    cluster: ClusterSettings = ClusterSettings()


@dataclass(frozen=True)
class Workspace:
    """A directory with ``harvester.toml``, ``sources/`` and everything a harvest generates."""

    root: Path

    @property
    def config_file(self) -> Path:
        """``harvester.toml``; it may be absent."""
        return self.root / "harvester.toml"

    @property
    def sources(self) -> Path:
        """The registry: one YAML file per source."""
        return self.root / "sources"

    @property
    def state_file(self) -> Path:
        """``state.db``, the memory between runs."""
        return self.root / "state.db"

    @property
    def catalogue_file(self) -> Path:
        """``catalogue.db``, what portals read."""
        return self.root / "catalogue.db"

    @property
    def builds(self) -> Path:
        """Where earlier catalogues are kept and new ones are built."""
        return self.root / "builds"

    @property
    def snapshots(self) -> Path:
        """Raw bodies by content hash."""
        return self.root / "snapshots"

    @property
    def data(self) -> Path:
        """Editors' decisions (``data/overrides``, ``keys``, ``links``) and tiles (``portals``) of this workspace; it may be absent."""
        return self.root / "data"

    @property
    def reports(self) -> Path:
        """Reports, and ``index.html`` that lists them."""
        return self.root / "reports"

    @property
    def runs(self) -> Path:
        """Unfinished runs, one file each."""
        return self.root / "runs"

    @cached_property
    def settings(self) -> Settings:
        """Read ``harvester.toml``.

        Raises:
            ConfigurationError: a wrong file, with line and key.
        """
        if not self.config_file.exists():
            return Settings()
        try:
            text = self.config_file.read_text(encoding="utf-8")
            return Settings.model_validate(tomllib.loads(text))
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise ConfigurationError([f"{self.config_file}:{line}: the file must be UTF-8"]) from error
        except tomllib.TOMLDecodeError as error:
            line = text.count("\n") + 1 if (at := _AT_LINE.search(str(error))) is None else int(at[1])
            raise ConfigurationError([f"{self.config_file}:{line}: not readable as TOML: {error}"]) from error
        except ValidationError as error:
            raise ConfigurationError(
                [self._say(text, e["loc"], e["type"], e["msg"]) for e in error.errors()]
            ) from error

    def line_of(self, table: str, key: str) -> int | None:
        """The line of ``harvester.toml`` where a setting stands; None where it does not and the default holds."""
        if not self.config_file.exists():
            return None
        text = self.config_file.read_text(encoding="utf-8")
        written = tomllib.loads(text).get(table, {})
        return _line(text, (table, key)) if key in written else None

    def _say(self, text: str, place: tuple[int | str, ...], kind: str, message: str) -> str:
        said = "unknown setting" if kind == "extra_forbidden" else message.removeprefix("Value error, ")
        written = place[:3] if len(place) > 2 and isinstance(place[2], int) else place[:2]  # the rest is types we tried
        return f"{self.config_file}:{_line(text, place)}: {'.'.join(map(str, written))}: {said}"


def _line(text: str, place: tuple[int | str, ...]) -> int:
    """Find the line of ``[table]`` and ``key =``, as well as TOML's plain forms allow; 1 if it is not found."""
    table, key = str(place[0]), str(place[1]) if len(place) > 1 else None
    found, current = 1, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+([^\]]+)\]", line):
            current = header[1].strip()
            found = number if current == table else found
        name = key if current == table else table if not current else None
        if name and re.match(rf"\s*{re.escape(name)}\s*[.=]", line):
            return number
    return found
