"""Which lines of a rule's file a change is about, for what marks lines."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from cmpolicy.diff.model import Aspect, Change, Status

_PARAMETERS = (Aspect.PARAMETERS_BROKEN, Aspect.PARAMETERS_EXTENDED, Aspect.PARAMETERS_RESET)
_SCOPE = (Aspect.SCOPE_WIDER, Aspect.SCOPE_NARROWER)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a file, from `start` to `end`, which count from 1. The file is named as the change names it."""

    file: str
    start: int
    end: int


def changed_lines(change: Change, read: Callable[[str], str | None]) -> Lines | None:
    """The lines of the new version that differ, or the line of the rule where that is not known; None without a place.

    `read` gives the text of a file, None if it is not there. What is told is at its best guess: a line marked beside the
    change does no harm.
    """
    old, new = change.places
    place = new or old
    if place is None:
        return None
    text = read(place.file) if new is not None and change.status is not Status.ADDED else None
    function = None if text is None else _function(text, place.line)
    found = None if function is None or text is None else next(_spans(change, function, text.splitlines()), None)
    start, end = found or (place.line, place.line)
    return Lines(place.file, start, end)


def _function(text: str, line: int) -> ast.FunctionDef | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return next((node for node in functions if node.lineno == line), None)


def _spans(change: Change, function: ast.FunctionDef, lines: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line of what changed, from what matters most on."""
    yield from _condition(change, function, lines)
    for note in change.notes:
        name = note.text.partition(":")[0].split()[0] if note.text else ""
        if note.aspect in _PARAMETERS:
            yield from _argument(function, name)
        elif note.aspect in _SCOPE:
            yield from _keyword(function, "match")
        elif note.aspect is Aspect.MESSAGE:
            yield from _keyword(function, "message")
        elif note.aspect is Aspect.METADATA:
            yield from _keyword(function, name)


def _condition(change: Change, function: ast.FunctionDef, lines: list[str]) -> Iterator[tuple[int, int]]:
    """From the first to the last line of the condition that is new, or stands where one is gone."""
    before, after = (source.splitlines() for source in change.sources)
    start = _start(function)
    there = lines[start - 1 : start - 1 + len(after)]
    if before == after or not after or not all(map(str.__contains__, there, map(str.strip, after))):
        return
    edits = [edit for edit in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if edit[0] != "equal"]
    first, last = edits[0][3], max(edits[-1][4] - 1, edits[0][3])
    yield start + min(first, len(after) - 1), start + min(last, len(after) - 1)


def _start(function: ast.FunctionDef) -> int:
    """The line at which the text of a rule's condition starts, as `cmpolicy.source` takes it."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    match body:
        case [ast.Return(value=ast.expr() as value)]:
            return value.lineno
        case [first, *_]:
            return first.lineno
        case _:
            return function.lineno


def _argument(function: ast.FunctionDef, name: str) -> Iterator[tuple[int, int]]:
    arguments = function.args
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if each.arg == name:
            yield each.lineno, each.end_lineno or each.lineno


def _keyword(function: ast.FunctionDef, name: str) -> Iterator[tuple[int, int]]:
    for decorator in function.decorator_list:
        for each in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if each.arg == name:
                yield each.lineno, each.value.end_lineno or each.lineno
