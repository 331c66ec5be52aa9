"""The value of one YAML document, from the events of libyaml's parser.

Walking events builds no node tree, needs no recursion, and lets limits hold before anything grows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from cmpolicy.values import Json
from cmpolicy.yaml.plain import read_plain
from cmpolicy.yaml.scalars import TAG, PlainKeys, PlainScalars, RefusedError, key_text, resolve_tagged
from yaml import CBaseLoader, MarkedYAMLError
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamStartEvent,
)

MAX_DEPTH = 100
"""How many lists and maps may stand inside each other; what people write stays below half of it."""
MAX_VALUES = 2_000_000
"""How many values a document may hold, those that aliases repeat included."""

MERGE = "<<"

Position: TypeAlias = tuple[int, int]
"""Line and column in the text, counted from 0."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document's value, the keys that its maps already had (the later value holds), and where text starts after a
    `...` line, which Kubernetes clients never read."""

    value: Json
    duplicates: tuple[tuple[str, Position], ...]
    unread: Position | None


class RefusedAtError(Exception):
    """A refusal with its place."""

    def __init__(self, refused: RefusedError, position: Position) -> None:
        super().__init__(refused.message)
        self.refused, self.position = refused, position


@dataclass(slots=True)
class _Anchor:
    """What an alias repeats: the value, and how many values it adds."""

    value: Json
    size: int = 1
    is_open: bool = False


@dataclass(slots=True)
class _Frame:
    """A list or map that is being read. Of a map: the key whose value comes next, and the keys it merged in."""

    values: list[Json]
    entries: dict[str, Json] | None
    depth: int = 0
    parent: _Frame | None = None
    anchor: _Anchor | None = None
    first: int = 0
    key: str | None = None
    is_merging: bool = False
    merged: frozenset[str] = field(default=frozenset())


class DocumentReader:
    """Reads documents one after the other, and remembers what plain scalars mean."""

    def __init__(self) -> None:
        self._scalars, self._keys = PlainScalars(), PlainKeys()

    def read(self, text: str) -> Found:
        """The first document of the text. Raises `RefusedAtError`, and `yaml.YAMLError` for a syntax error."""
        value = read_plain(text, self._scalars, self._keys)
        return self.read_events(text) if value is None else Found(value, (), None)

    def read_events(self, text: str) -> Found:
        """The same, whatever the document holds; `read` is faster where it is ordinary."""
        return _Reading(text, self._scalars, self._keys).run()


class _Reading:
    """The reading of one document."""

    def __init__(self, text: str, scalars: PlainScalars, keys: PlainKeys) -> None:
        self._parser = CBaseLoader(text)
        self._scalars, self._keys = scalars, keys
        self._root = self._frame = _Frame([], None)
        self._anchors: dict[str, _Anchor] = {}
        self._duplicates: list[tuple[str, Position]] = []
        self._count = self._repeated = 0

    def run(self) -> Found:
        """Read to the end of the document."""
        handlers: Mapping[type[Event], Callable[..., None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._open,
            SequenceStartEvent: self._open,
            MappingEndEvent: self._close,
            SequenceEndEvent: self._close,
            AliasEvent: self._alias,
            StreamStartEvent: self._pass,
            DocumentStartEvent: self._pass,
        }
        get_event: Callable[[], Event] = self._parser.get_event  # type: ignore[assignment]  # None only after the end
        while (handle := handlers.get((event := get_event()).__class__)) is not None:
            try:
                handle(event)
            except RefusedError as refused:
                raise RefusedAtError(refused, _position(event)) from None
        values = self._root.values
        unread = self._unread() if isinstance(event, DocumentEndEvent) else None
        return Found(values[0] if values else None, tuple(self._duplicates), unread)

    def _unread(self) -> Position | None:
        try:
            following = self._parser.get_event()
        except MarkedYAMLError as error:
            return (error.problem_mark.line, error.problem_mark.column) if error.problem_mark else None
        return _position(following) if isinstance(following, DocumentStartEvent) else None

    def _pass(self, event: Event) -> None:
        pass

    def _scalar(self, event: ScalarEvent) -> None:
        frame = self._frame
        self._count_values(1)
        is_plain = event.implicit[0]
        if frame.entries is not None and frame.key is None:
            self._key(frame, event)
            return
        if is_plain:
            value = self._scalars[event.value]
        else:
            value = event.value if event.tag is None else resolve_tagged(event.tag, event.value)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(value)
        self._place(frame, value)

    def _key(self, frame: _Frame, event: ScalarEvent) -> None:
        frame.is_merging = event.value == MERGE and (event.implicit[0] or event.tag == f"{TAG}merge")
        if frame.is_merging:
            key = MERGE
        elif event.implicit[0]:
            key = self._keys[event.value]
        else:
            key = event.value if event.tag is None else key_text(resolve_tagged(event.tag, event.value))
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(self._scalars[event.value] if event.implicit[0] else key)
        self._set_key(frame, key, event)

    def _set_key(self, frame: _Frame, key: str, event: Event) -> None:
        assert frame.entries is not None
        if key in frame.entries and key not in frame.merged and not frame.is_merging:
            self._duplicates.append((key, _position(event)))
        frame.key = key

    def _place(self, frame: _Frame, value: Json) -> None:
        if frame.entries is None:
            frame.values.append(value)
        elif frame.is_merging:
            _merge(frame, value)
        else:
            assert frame.key is not None
            frame.entries[frame.key] = value
            frame.key = None

    def _open(self, event: CollectionStartEvent) -> None:
        parent = self._frame
        is_map = event.__class__ is MappingStartEvent
        if parent.entries is not None and parent.key is None:
            key_text({} if is_map else [])
        if parent.depth >= MAX_DEPTH:
            raise RefusedError("nesting", f"more than {MAX_DEPTH} lists and maps inside each other")
        self._count_values(1)
        frame = _Frame([], {} if is_map else None, parent.depth + 1, parent, None, self._count)
        if event.anchor is not None:
            frame.anchor = self._anchors[event.anchor] = _Anchor(_container(frame), is_open=True)
        self._frame = frame

    def _close(self, event: Event) -> None:
        frame = self._frame
        assert frame.parent is not None
        if frame.anchor is not None:
            frame.anchor.size += self._count - frame.first
            frame.anchor.is_open = False
        self._frame = frame.parent
        self._place(frame.parent, _container(frame))

    def _alias(self, event: AliasEvent) -> None:
        anchor = self._anchors.get(event.anchor or "")
        if anchor is None:
            raise RefusedError("alias", f"no anchor `{event.anchor}` stands before this alias")
        if anchor.is_open:
            raise RefusedError("alias", f"the alias `{event.anchor}` stands inside what it repeats")
        self._repeated += anchor.size
        self._count_values(1 + anchor.size)
        if self._is_bomb():
            raise RefusedError("alias", "aliases repeat too much", "write out what they stand for")
        frame = self._frame
        if frame.entries is not None and frame.key is None:
            self._set_key(frame, key_text(anchor.value), event)
        elif frame.is_merging and not isinstance(anchor.value, dict):
            raise _cannot_merge()
        else:
            self._place(frame, anchor.value)

    def _count_values(self, number: int) -> None:
        self._count += number
        if self._count > MAX_VALUES:
            raise RefusedError("size", f"the document holds more than {MAX_VALUES} values", "split it")

    def _is_bomb(self) -> bool:
        """Whether go-yaml refuses it: too many of the values come from aliases (`allowedAliasRatio` of its decode.go)."""
        if self._repeated <= 100 or self._count <= 1000:
            return False
        beyond = min(max((self._count - 400_000) / 3_600_000, 0), 1)
        return self._repeated / self._count > 0.99 - 0.89 * beyond


def _container(frame: _Frame) -> list[Json] | dict[str, Json]:
    return frame.values if frame.entries is None else frame.entries


def _merge(frame: _Frame, value: Json) -> None:
    """Merge maps in where `<<` stands: unlike YAML has it, they replace what the map held before, as in go-yaml v2."""
    sources = value if isinstance(value, list) else [value]
    assert frame.entries is not None
    for source in reversed(sources):
        if not isinstance(source, dict):
            raise _cannot_merge()
        frame.entries.update(source)
        frame.merged |= source.keys()
    frame.key, frame.is_merging = None, False


def _cannot_merge() -> RefusedError:
    return RefusedError("merge", "`<<` takes a map, or a list of maps")


def _position(event: Event) -> Position:
    mark = event.start_mark
    return (mark.line, mark.column) if mark else (0, 0)
