"""Tell all channels what they do not know yet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlite_utils import Database

from harvester.log import log_of
from harvester.reports.html import headline
from harvester.reports.report import Report
from harvester.telling.decide import decide_messages
from harvester.telling.memory import read_told, remember
from harvester.words import Words
from harvester.workspace import Workspace

if TYPE_CHECKING:
    from harvester.telling.channels import Channel


def channels_of(workspace: Workspace, environment: Mapping[str, str] = os.environ) -> list[Channel]:
    """The channels that ``[telling]`` names."""
    settings = workspace.settings.telling
    if settings.mail is None and not settings.hooks:
        return []
    from harvester.telling.channels import HookChannel, MailChannel  # noqa: PLC0415 - only who tells needs mail and HTTP

    mail: list[Channel] = [MailChannel(settings.mail, environment)] if settings.mail else []
    return [*mail, *(HookChannel(hook, environment, workspace) for hook in settings.hooks)]


def tell(
    state: Database, report: Report, channels: Iterable[Channel], now: datetime, digest: int | None = None
) -> list[str]:
    """Send what is due on each channel; returns what went wrong, a sentence each. What failed is tried again with the next report."""
    words, needs, problems = Words(report.language), {need.key: need for need in report.needs}, []
    for channel in channels:
        told = read_told(state, channel.name, now)
        for message in decide_messages(report.needs, told, now, words, headline(report), digest):
            try:
                channel.send(message, now)
            except Exception as error:  # noqa: BLE001 - whatever a channel does, the harvest is done; it is told and tried again
                problems.append(f"{channel.name}: {type(error).__name__}: {error}")
                log_of("telling").warning("not told", channel=channel.name, error=type(error).__name__, told=str(error))
                break
            remember(state, channel.name, message, needs, now)
    return problems
