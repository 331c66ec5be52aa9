"""Long CEL and JMESPath over several lines: broken after operators, the loosest first, and inside brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

WIDTH = 100
_SHORT = 40
"""Characters up to which brackets stay closed if others on the line are longer."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[(\[]|[)\]]| (?:\?|:|\|\||\||&&|\+) |, ')
_STAYS = re.compile(r"\?|[a-z_]\w*, ", re.IGNORECASE)
"""What stays beside its bracket: the name that a macro of CEL binds, the question mark of a filter in JMESPath."""


@dataclass(frozen=True, slots=True)
class Style:
    """Where a language is broken: its operators, the loosest first. No line has to be shorter than `least`.

    Indentation takes of the width; what is nested deeply would be broken at every bracket.
    """

    operators: tuple[str, ...]
    least: int = 0


CEL = Style((" : ", " ? ", " || ", " && ", " + "))
JMESPATH = Style((", ", " | ", " || ", " && "), least=110)


@lru_cache(maxsize=1024)  # several targets print the same expressions
def layout(text: str, style: Style = CEL) -> str:
    """The expression on one line if it fits, else on several: `a || b && c  ->  a ||`, `b && c`."""
    return "\n".join(_lines(text, WIDTH, style))


def _lines(text: str, width: int, style: Style) -> list[str]:
    width = max(width, style.least)
    if len(text) <= width:
        return [text]
    for operator in style.operators:
        parts = list(_split(text, operator))
        if len(parts) > 1:
            return _joined([_operand(part, operator, width, style) for part in parts], operator.rstrip())
    return _opened(text, width, style)


def _operand(text: str, operator: str, width: int, style: Style) -> list[str]:
    """The operand on its lines; what `&&` holds together beside an `||` gets parentheses once it needs several."""
    if operator in (" || ", " && ") and len(text) > width and _is_operation(text):
        return ["(", *_indented(_lines(text, width - 2, style)), ")"]
    return _lines(text, width - 2, style)


def _joined(operands: list[list[str]], operator: str) -> list[str]:
    """Each operand from the start of a line, and the operator at its end; the middle of a conditional indented."""
    *firsts, last = operands
    lines = [line for operand in firsts for line in (*operand[:-1], operand[-1] + operator)]
    return [*lines, *(_indented(last) if operator == " ?" else last)]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _is_operation(text: str) -> bool:
    return any(token[0] == " " for token, _, _ in _outer_tokens(text))


def _opened(text: str, width: int, style: Style) -> list[str]:
    """What stands in the outermost brackets on lines of its own; what stays beside a bracket is before it."""
    pairs = list(_outermost(text))
    longest = max((end - start for start, end in pairs), default=0)
    lines, line_start = [], 0
    for start, end in pairs:
        if end - start < min(longest, _SHORT) or end == start:
            continue
        name = _STAYS.match(text, start)
        start = name.end() if name else start
        lines += [text[line_start:start].rstrip(), *_indented(_lines(text[start:end], width - 2, style))]
        line_start = end
    return [*lines, text[line_start:]]


def _outermost(text: str) -> Iterator[tuple[int, int]]:
    """Where the inside of each outermost pair of brackets starts and ends."""
    start = 0
    for token, token_start, token_end in _outer_tokens(text):
        if token in "([":
            start = token_end
        elif token in ")]":
            yield start, token_start


def _split(text: str, operator: str) -> Iterator[str]:
    start = 0
    for token, token_start, token_end in _outer_tokens(text):
        if token == operator:
            yield text[start:token_start]
            start = token_end
    yield text[start:]


@lru_cache(maxsize=16)  # each operator is looked for in the same text
def _outer_tokens(text: str) -> list[tuple[str, int, int]]:
    """What stands inside no brackets: strings, operators and the outermost brackets, and where each starts and ends."""
    depth, outer = 0, []
    for found in _TOKEN.finditer(text):
        token = found.group()
        depth -= token in ")]"
        if depth == 0:
            outer.append((token, *found.span()))
        depth += token in "(["
    return outer
