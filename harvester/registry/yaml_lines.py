"""Read YAML and remember where each key stands, so that errors can name their line."""

from __future__ import annotations

from typing import Any, TypeAlias

import yaml

Place: TypeAlias = tuple[str | int, ...]
Lines: TypeAlias = dict[Place, int]

_MAX_BYTES = 1_000_000


class YamlError(Exception):
    """A text that is not the YAML we read. ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        """Take the reason and where it stands."""
        super().__init__(message)
        self.line = line


class _Loader(yaml.SafeLoader):
    """Plain data only; a key given twice is an error, for one of its values would vanish."""


def read_yaml(text: str) -> tuple[Any, Lines]:
    """Read one document: its data, and the line of every key and list entry (from 1).

    Raises:
        YamlError: not YAML, an alias (they can grow without bound), a key given twice, or too large.
    """
    if len(text) > _MAX_BYTES:
        raise YamlError(f"larger than {_MAX_BYTES} characters", 1)
    loader = _Loader(text)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise YamlError("aliases (*name) are not used here: write the value out", 1)
        node = loader.get_single_node()
        lines: Lines = {(): 1}
        if node is None:
            return None, lines
        _walk(node, (), lines)
        return loader.construct_document(node), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(str(error.problem or error.context), mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise YamlError(str(error), 1) from error
    finally:
        loader.dispose()


def line_of(lines: Lines, place: Place) -> int:
    """The line of a place, or of the nearest place above it that is written down."""
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _walk(node: yaml.Node, place: Place, lines: Lines) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*place, str(key.value))
            if below in lines:
                raise YamlError(f"{key.value!r} is given twice", key.start_mark.line + 1)
            lines[below] = key.start_mark.line + 1
            _walk(value, below, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*place, index)] = value.start_mark.line + 1
            _walk(value, (*place, index), lines)
