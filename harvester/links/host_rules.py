"""Hosts with rules of their own (``data/hosts.yml``)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import yaml
from pydantic import Field

from harvester.data import data_file
from harvester.errors import ConfigurationError
from harvester.fetch.budget import Pace, registrable_domain
from harvester.model.base import Model


class HostRule(Model):
    """One entry; ``hosts`` and ``reason`` are required. See the head of ``data/hosts.yml``."""

    hosts: tuple[str, ...] = Field(min_length=1)
    reason: str = Field(min_length=1)
    interval: float | None = Field(default=None, ge=0, le=3_600)
    concurrency: int = Field(default=1, ge=1, le=64)
    check: bool = True
    head: bool = True
    login: bool = False
    parking: bool = False
    operator: str = ""

    @property
    def pace(self) -> Pace | None:
        """The pace this entry sets, None where the workspace's holds."""
        return None if self.interval is None else Pace(self.interval, self.concurrency)


PLAIN = HostRule(hosts=("*",), reason="every other host")


class HostRules:
    """Finds the rule of a host: the first entry that names it or a parent of it."""

    def __init__(self, rules: Iterable[HostRule] = ()) -> None:
        self._exact: dict[str, tuple[int, HostRule]] = {}
        self._below: dict[str, tuple[int, HostRule]] = {}
        for position, rule in enumerate(rules):
            for name in rule.hosts:
                table = self._below if name.startswith(".") else self._exact
                table.setdefault(name.lstrip("."), (position, rule))
        self._known: dict[str, HostRule] = {}

    def rule(self, host: str) -> HostRule:
        """The rule that holds for a host; ``PLAIN`` where there is none."""
        if not self._exact and not self._below:
            return PLAIN
        found = self._known.get(host)
        if found is None:
            found = self._known[host] = self._find(host)
        return found

    def same_operator(self, one: str, other: str) -> bool:
        """Whether two hosts belong together: one registrable domain, or one operator by their rules."""
        if one == other or registrable_domain(one) == registrable_domain(other):
            return True
        operator = self.rule(one).operator
        return bool(operator) and operator == self.rule(other).operator

    def _find(self, host: str) -> HostRule:
        found = [self._exact[host]] if host in self._exact else []
        labels = host.split(".")
        parents = (".".join(labels[n:]) for n in range(1, len(labels)))
        found += [self._below[parent] for parent in parents if parent in self._below]
        return min(found, key=lambda pair: pair[0])[1] if found else PLAIN


@cache
def read_host_rules() -> HostRules:
    """The rules of ``data/hosts.yml``.

    Raises:
        ConfigurationError: the file holds an entry that is not understood.
    """
    file = data_file("hosts.yml")
    raw: Any = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    try:
        return HostRules(HostRule.model_validate(entry) for entry in raw["rules"])
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigurationError([f"{file}: {error}"]) from error
