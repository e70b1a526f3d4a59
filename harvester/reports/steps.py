"""The commands of a need as steps, each with what it is for, the same on the page, in mails and on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby

from harvester.reports.need import Need
from harvester.words import Words


def steps_of(need: Need, words: Words) -> Iterator[tuple[str, list[str]]]:
    """What a person may do and the commands for it, one after the other; at the end, to say that it is done."""
    commands = chain(need.commands, [f'harvester report --done {need.key} --because "…"'])
    for told, same in groupby(commands, key=lambda command: _purpose(command, words)):
        yield told, list(same)


def _purpose(command: str, words: Words) -> str:
    """What a command is for, by its verb: the last of the words before the first option, argument or gap that has a text."""
    verbs = [verb for verb in command.split()[1:3] if words.has(f"do.{verb}")]
    return words(f"do.{verbs[-1]}") if verbs else ""
