"""Long CEL and JMESPath over several lines: broken after operators, the loosest first, and inside brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

WIDTH = 100
_SHORT = 40
"""Characters up to which brackets stay closed if others on the line are longer."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[(\[{]|[)\]}]| (?:\?|:|\|\||\||&&|\+) |, ')
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


_Token: TypeAlias = tuple[str, int, int, int]
"""A string, operator or bracket, where it starts and ends, and in how many brackets it stands."""


class _Part(NamedTuple):
    """A part of a text between two places, and which of the text's tokens stand in it."""

    text: str
    tokens: Sequence[_Token]
    start: int
    end: int
    first: int
    last: int
    depth: int

    def outer(self) -> list[int]:
        """The tokens that stand inside no brackets of the part: strings, operators and the outermost brackets."""
        depth, inside = self.depth, self.tokens[self.first : self.last]
        return [index for index, token in enumerate(inside, self.first) if token[3] == depth]

    def whole(self) -> str:
        return self.text[self.start : self.end]


@lru_cache(maxsize=1024)  # several targets print the same expressions
def layout(text: str, style: Style = CEL) -> str:
    """The expression on one line if it fits, else on several: `a || b && c  ->  a ||`, `b && c`."""
    if len(text) <= max(WIDTH, style.least):
        return text
    tokens = _tokens(text)
    return "\n".join(_lines(_Part(text, tokens, 0, len(text), 0, len(tokens), 0), WIDTH, style))


def _tokens(text: str) -> list[_Token]:
    depth, tokens = 0, []
    for found in _TOKEN.finditer(text):
        token, start = found.group(), found.start()
        if token in ")]}":
            depth -= 1
        tokens.append((token, start, start + len(token), depth))
        if token in "([{":
            depth += 1
    return tokens


def _lines(part: _Part, width: int, style: Style) -> list[str]:
    width = max(width, style.least)
    if part.end - part.start <= width:
        return [part.whole()]
    outer = part.outer()
    for operator in style.operators:
        if operands := _split(part, outer, operator):
            return _joined([_operand(each, operator, width, style) for each in operands], operator.rstrip())
    return _opened(part, outer, width, style)


def _operand(part: _Part, operator: str, width: int, style: Style) -> list[str]:
    """The operand on its lines; what `&&` holds together beside an `||` gets parentheses once it needs several."""
    if operator in (" || ", " && ") and part.end - part.start > width and _is_operation(part):
        return ["(", *_indented(_lines(part, width - 2, style)), ")"]
    return _lines(part, width - 2, style)


def _joined(operands: list[list[str]], operator: str) -> list[str]:
    """Each operand from the start of a line, and the operator at its end; the middle of a conditional indented."""
    *firsts, last = operands
    lines = [line for operand in firsts for line in (*operand[:-1], operand[-1] + operator)]
    return [*lines, *(_indented(last) if operator == " ?" else last)]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _is_operation(part: _Part) -> bool:
    return any(part.tokens[index][0][0] == " " for index in part.outer())


def _opened(part: _Part, outer: Sequence[int], width: int, style: Style) -> list[str]:
    """What stands in the outermost brackets on lines of its own; what stays beside a bracket is before it."""
    pairs = list(_outermost(part, outer))
    longest = max((inside.end - inside.start for inside in pairs), default=0)
    lines, line_start = [], part.start
    for inside in pairs:
        length = inside.end - inside.start
        if length < min(longest, _SHORT) or length == 0:
            continue
        body = _without_name(inside)
        lines += [part.text[line_start : body.start].rstrip(), *_indented(_lines(body, width - 2, style))]
        line_start = body.end
    return [*lines, part.text[line_start : part.end]]


def _without_name(part: _Part) -> _Part:
    """The part after what stays beside its bracket, which may be one token, the comma."""
    name = _STAYS.match(part.text, part.start, part.end)
    if name is None:
        return part
    commas = part.first < part.last and part.tokens[part.first][1] < name.end()
    return part._replace(start=name.end(), first=part.first + commas)


def _outermost(part: _Part, outer: Sequence[int]) -> Iterator[_Part]:
    """The inside of each outermost pair of brackets."""
    start, first = part.start, part.first
    for index in outer:
        token, token_start, token_end, _ = part.tokens[index]
        if token in "([{":
            start, first = token_end, index + 1
        elif token in ")]}":
            yield _Part(part.text, part.tokens, start, token_start, first, index, part.depth + 1)


def _split(part: _Part, outer: Sequence[int], operator: str) -> list[_Part]:
    """The operands; none if the operator does not stand there."""
    cuts = [index for index in outer if part.tokens[index][0] == operator]
    if not cuts:
        return []
    firsts, lasts = [part.first, *(index + 1 for index in cuts)], [*cuts, part.last]
    starts = [part.start, *(part.tokens[index][2] for index in cuts)]
    ends = [*(part.tokens[index][1] for index in cuts), part.end]
    return [
        _Part(part.text, part.tokens, *place, part.depth) for place in zip(starts, ends, firsts, lasts, strict=True)
    ]
