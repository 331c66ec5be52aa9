"""The value of an ordinary document, read line by line, in less than half of the time that events take.

Ordinary is block style in ASCII with a key or a dash on every line, as programs and most people write manifests. At
anything else, even at what only looks odd, the document is left to `events`, which knows what it means and names the place.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from cmpolicy.values import Json
from cmpolicy.yaml.scalars import PlainKeys, PlainScalars, RefusedError

_TEXT = r"(?:[\w/.+~$(<^=;\\]|-(?=[-\w]))(?:[!-9;-~]++|:(?=[!-~])| ++(?=[!-\"$-~]))*+"
"""A plain scalar: it starts with no indicator, and holds neither `: ` nor ` #`."""
_LINE = re.compile(
    r"( *)(?:((?:- )*)(?:([A-Za-z_/][\w/.-]{0,127}):(?: (?=[^ \n])|(?=\n|\Z)))?"
    rf"(?:({_TEXT})|\"([ !#-\[\]-~]*)\"|'([ -&(-~]*)'|(\{{\}}|\[\]))?|\#[ -~]*)(?:\n|\Z)",
    re.ASCII,
)
"""Indentation, dashes, a key, and a plain, double-quoted, single-quoted or empty value; or a comment."""
_KEY, _PLAIN, _EMPTY = 3, 4, 7
"""The numbers of groups in it."""
_MOST_COLUMNS = 80
"""How far a line may be indented; so nothing is nested too deeply."""
_MOST_CHARACTERS = 2_000_000
"""How long a document may be; so it does not hold too many values."""

_Level: TypeAlias = tuple[int, dict[str, Json] | None, list[Json] | None]
"""The column of an open map's keys or list's dashes, and the map or the list."""


def read_plain(text: str, scalars: PlainScalars, keys: PlainKeys) -> dict[str, Json] | None:
    """The document's map; None for a document that is not ordinary."""
    if len(text) > _MOST_CHARACTERS:
        return None
    try:
        return _Reading(scalars, keys).read(text)
    except (_OddError, RefusedError):
        return None


class _OddError(Exception):
    """Something is out of the ordinary."""


class _Reading:
    """The reading of one document: what is open, and the map, key and column of a value that a later line begins."""

    def __init__(self, scalars: PlainScalars, keys: PlainKeys) -> None:
        self._scalars, self._keys = scalars, keys
        self._root: dict[str, Json] = {}
        self._levels: list[_Level] = [(0, self._root, None)]
        self._pending: tuple[dict[str, Json], str, int] | None = None

    def read(self, text: str) -> dict[str, Json]:
        """The map. Raises `_OddError`, and `RefusedError` for a scalar that is refused."""
        end = 0
        for found in _LINE.finditer(text):
            if found.start() != end:
                raise _OddError
            end = found.end()
            indent, dashes, key = found.group(1, 2, 3)
            last = found.lastindex or 0
            value = self._value(last, found[last]) if last > _KEY else None
            if key is not None:
                self._entry(len(indent), dashes, self._keys[key], value, last == _KEY)
            elif dashes and last > _KEY:
                self._items(len(indent), dashes).append(value)
            elif dashes or last > _KEY:
                raise _OddError
        if end < len(text) or not self._root:
            raise _OddError
        return self._root

    def _value(self, group: int, text: str) -> Json:
        if group == _PLAIN:
            return self._scalars[text]
        if group == _EMPTY:
            return {} if text == "{}" else []
        return text

    def _entry(self, column: int, dashes: str, key: str, value: Json, is_pending: bool) -> None:
        if dashes:
            entries: dict[str, Json] = {}
            self._items(column, dashes).append(entries)
            column += len(dashes)
            self._open(column, entries, None)
        else:
            entries = self._entries(column)
        if key in entries:
            raise _OddError
        entries[key] = value
        if is_pending:
            self._pending = entries, key, column

    def _entries(self, column: int) -> dict[str, Json]:
        """The map whose keys start in this column."""
        pending, self._pending = self._pending, None
        if pending is not None and column > pending[2]:
            entries: dict[str, Json] = {}
            pending[0][pending[1]] = entries
            self._open(column, entries, None)
            return entries
        levels = self._levels
        while levels[-1][0] > column:
            levels.pop()
        if levels[-1][1] is None:
            levels.pop()  # a list whose dashes stand below its key
        reached, found, _ = levels[-1]
        if reached != column or found is None:
            raise _OddError
        return found

    def _items(self, column: int, dashes: str) -> list[Json]:
        """The list that the last of the dashes belongs to, the first of which stands in this column."""
        items = self._first_items(column)
        for _ in range(len(dashes) // 2 - 1):
            inner: list[Json] = []
            items.append(inner)
            items, column = inner, column + 2
            self._open(column, None, items)
        return items

    def _first_items(self, column: int) -> list[Json]:
        pending, self._pending = self._pending, None
        if pending is not None and column >= pending[2]:
            items: list[Json] = []
            pending[0][pending[1]] = items
            self._open(column, None, items)
            return items
        levels = self._levels
        while levels[-1][0] > column:
            levels.pop()
        reached, _, found = levels[-1]
        if reached != column or found is None:
            raise _OddError
        return found

    def _open(self, column: int, entries: dict[str, Json] | None, items: list[Json] | None) -> None:
        if column > _MOST_COLUMNS:
            raise _OddError
        self._levels.append((column, entries, items))
