"""Read YAML and remember where each key stands, so that errors can name their line."""

from __future__ import annotations

from typing import Any, TypeAlias

import yaml
from yaml.reader import Reader

Place: TypeAlias = tuple[str | int, ...]
Lines: TypeAlias = dict[Place, int]

_MAX_CHARACTERS = 1_000_000
_MAX_DEPTH = 20
_TEXT = "tag:yaml.org,2002:str"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built


class YamlError(Exception):
    """A text that is not the YAML we read. ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        """Take the reason and where it stands."""
        super().__init__(message)
        self.line = line


class _Loader(_Base):  # type: ignore[misc, valid-type]  # which of the two classes is known at run time only
    """Plain data only. Dates stay texts, as YAML 1.2 reads them: JSON and JSON Schema know none."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the loader's own attribute, replaced and never changed
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }


def read_yaml(text: str) -> tuple[Any, Lines]:
    """Read one document: its data, and the line of every key and list entry (from 1).

    Raises:
        YamlError: not YAML; an alias (they can grow without bound); a key given twice, for one of its values would
            vanish; or more than plain text keys, lists and values (tags, other keys, too deep, too large).
    """
    if len(text) > _MAX_CHARACTERS:
        raise YamlError(f"larger than {_MAX_CHARACTERS} characters", 1)
    if odd := Reader.NON_PRINTABLE.search(text):
        raise YamlError(f"the character U+{ord(odd[0]):04X} has no place in YAML", text.count("\n", 0, odd.start()) + 1)
    try:
        _check_events(text)
        return _load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = max(1, len(text.splitlines()))  # the end of a text is noticed one line below it
        raise YamlError(str(error.problem or error.context), min(mark.line + 1, last) if mark else 1) from error


def line_of(lines: Lines, place: Place) -> int:
    """The line of a place, or of the nearest place above it that is written down."""
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _check_events(text: str) -> None:
    """Refuse what could make the loader grow, before it builds anything."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise YamlError("aliases (*name) are not used here: write the value out", line)
        if tag := getattr(event, "tag", None):
            raise YamlError(f"tags ({tag}) are not used here: write a plain value, in quotes if it is text", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            raise YamlError(f"nested more than {_MAX_DEPTH} levels deep", line)


def _load(text: str) -> tuple[Any, Lines]:
    loader = _Loader(text)
    lines: Lines = {(): 1}
    try:
        node = loader.get_single_node()
        if node is None:
            return None, lines
        _walk(node, (), lines)
        return loader.construct_document(node), lines
    except ValueError as error:  # a number of thousands of digits
        raise YamlError(str(error), 1) from error
    finally:
        loader.dispose()


def _walk(node: yaml.Node, place: Place, lines: Lines) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.tag != _TEXT:
                raise YamlError("a key must be text: write it in quotes", line)
            below = (*place, key.value)
            if below in lines:
                raise YamlError(f"{key.value!r} is given twice", line)
            lines[below] = line
            _walk(value, below, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*place, index)] = value.start_mark.line + 1
            _walk(value, (*place, index), lines)
