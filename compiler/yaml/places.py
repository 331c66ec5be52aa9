"""Where in a document a field stands, found by composing just that document once more."""

from __future__ import annotations

import re
from functools import lru_cache

from cmpolicy.yaml.chunks import Chunk
from cmpolicy.yaml.events import MERGE
from cmpolicy.yaml.scalars import RefusedError, key_text, resolve
from yaml import CBaseLoader, MappingNode, Node, ScalarNode, SequenceNode, YAMLError

_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_BEFORE = re.compile(r"(?:(?:[ \t\r]*|---[ \t\r]*)(?:#[^\n]*)?\n)*(?:--- +)?[ \t]*")
"""Blank lines, comments and separators."""
_PLACEHOLDER = r"\u003f\u003f"
"""What libyaml takes in the place of an escaped surrogate pair of JSON, just as long."""


def position(chunk: Chunk, pointer: str) -> tuple[int, int]:
    """Line and column in the file of a JSON pointer's field, by its key, or of the nearest parent that exists."""
    if not pointer:
        return _start(chunk)
    node = _root(chunk)
    mark = node.start_mark if node else None
    for step in pointer.split("/")[1:]:
        found = _child(node, step.replace("~1", "/").replace("~0", "~"))
        if found is None:
            break
        named, node = found
        mark = named.start_mark
    return chunk.at(mark.line, mark.column) if mark else (chunk.line, chunk.column)


def _start(chunk: Chunk) -> tuple[int, int]:
    """Where the document itself starts, which needs no composing."""
    before = _BEFORE.match(chunk.text)
    end = before.end() if before else 0
    return chunk.at(chunk.text.count("\n", 0, end), end - chunk.text.rfind("\n", 0, end) - 1)


def source(chunk: Chunk, line: int) -> str:
    """The text of a line of the file that is in this chunk."""
    lines, number = _lines(chunk), line - chunk.line
    return lines[number].rstrip("\r") if 0 <= number < len(lines) else ""


@lru_cache(maxsize=4)
def _lines(chunk: Chunk) -> list[str]:
    return chunk.text.split("\n")


class _Composer(CBaseLoader):
    """Makes nodes without tags: nobody asks for those here, and finding them takes a third of the time."""

    def descend_resolver(self, current_node: Node | None, current_index: Node | int | None) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass

    def resolve(self, kind: type[Node], value: str | None, implicit: tuple[bool, bool]) -> str:
        return ""


@lru_cache(maxsize=4)
def _root(chunk: Chunk) -> Node | None:
    """The nodes of a document, None if libyaml cannot read it, as some JSON."""
    loader = _Composer(_SURROGATES.sub(lambda _: _PLACEHOLDER, chunk.text))
    try:
        return loader.get_node() if loader.check_node() else None
    except YAMLError:
        return None
    finally:
        loader.dispose()


def _child(node: Node | None, step: str) -> tuple[Node, Node] | None:
    """The node that shows where a child is, its key if it has one, and the child."""
    match node:
        case MappingNode():
            return _entry(node, step)
        case SequenceNode() if step.isdigit() and int(step) < len(node.value):
            return (node.value[int(step)],) * 2
        case _:
            return None


def _entry(node: MappingNode, name: str) -> tuple[Node, Node] | None:
    """The entry that holds, the last one, be it in the map itself or merged in."""
    for key, value in reversed(node.value):
        if _is_merge(key):
            sources = value.value if isinstance(value, SequenceNode) else [value]
            merged = next((found for each in sources if (found := _child(each, name))), None)
            if merged is not None:
                return merged
        elif isinstance(key, ScalarNode) and _name(key) == name:
            return key, value
    return None


def _is_merge(key: Node) -> bool:
    return isinstance(key, ScalarNode) and key.value == MERGE and not key.style


def _name(key: ScalarNode) -> str | None:
    text = str(key.value)
    try:
        return text if key.style else key_text(resolve(text))
    except RefusedError:
        return None
