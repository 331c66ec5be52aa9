"""Long CEL and JMESPath over several lines: broken after operators, the loosest first, and inside brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

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


class _Token(NamedTuple):
    """An operator, or as `BRACKETS` what stands inside a pair of them, where it starts and ends, and the tokens in it."""

    text: str
    start: int
    end: int
    tokens: Sequence[_Token] = ()


_BRACKETS = "()"


class _Part(NamedTuple):
    """A part of a text between two places, and the tokens that stand in it, in no brackets of the part."""

    text: str
    tokens: Sequence[_Token]
    start: int
    end: int


@lru_cache(maxsize=1024)  # several targets print the same expressions
def layout(text: str, style: Style = CEL) -> str:
    """The expression on one line if it fits, else on several: `a || b && c  ->  a ||`, `b && c`."""
    if len(text) <= max(WIDTH, style.least):
        return text
    return "\n".join(_lines(_Part(text, _tokens(text), 0, len(text)), WIDTH, "", style))


def _tokens(text: str) -> list[_Token]:
    around: list[tuple[int, list[_Token]]] = []
    tokens: list[_Token] = []
    for found in _TOKEN.finditer(text):
        token = found.group()
        if token in "([{":
            around.append((found.end(), tokens))
            tokens = []
        elif token in ")]}" and around:
            start, outer = around.pop()
            outer.append(_Token(_BRACKETS, start, found.start(), tokens))
            tokens = outer
        elif token[0] != '"':
            tokens.append(_Token(token, found.start(), found.end()))
    return tokens


def _lines(part: _Part, width: int, indent: str, style: Style) -> list[str]:
    """The part on lines of at most this width beyond their indentation, where it can be broken."""
    width = max(width, style.least)
    if part.end - part.start <= width:
        return [indent + part.text[part.start : part.end]]
    found = {token.text for token in part.tokens}
    for operator in style.operators:
        if operator in found:
            return _joined(part, operator, width, indent, style)
    return _opened(part, width, indent, style)


def _joined(part: _Part, operator: str, width: int, indent: str, style: Style) -> list[str]:
    """Each operand from the start of a line, and the operator at its end; the middle of a conditional indented."""
    *firsts, last = _split(part, operator)
    lines: list[str] = []
    for each in firsts:
        lines += _operand(each, operator, width, indent, style)
        lines[-1] += operator.rstrip()
    return lines + _operand(last, operator, width, f"{indent}  " if operator == " ? " else indent, style)


def _operand(part: _Part, operator: str, width: int, indent: str, style: Style) -> list[str]:
    """The operand on its lines; what `&&` holds together beside an `||` gets parentheses once it needs several."""
    if operator in (" || ", " && ") and part.end - part.start > width and _is_operation(part):
        return [f"{indent}(", *_lines(part, width - 2, f"{indent}  ", style), f"{indent})"]
    return _lines(part, width - 2, indent, style)


def _is_operation(part: _Part) -> bool:
    return any(token.text[0] == " " for token in part.tokens)


def _opened(part: _Part, width: int, indent: str, style: Style) -> list[str]:
    """What stands in the outermost brackets on lines of its own; what stays beside a bracket is before it."""
    pairs = [token for token in part.tokens if token.text == _BRACKETS]
    longest = max((inside.end - inside.start for inside in pairs), default=0)
    lines, line_start = [], part.start
    for inside in pairs:
        length = inside.end - inside.start
        if length < min(longest, _SHORT) or length == 0:
            continue
        body = _without_name(part.text, inside)
        lines.append(indent + part.text[line_start : body.start].rstrip())
        lines += _lines(body, width - 2, f"{indent}  ", style)
        line_start = body.end
    return [*lines, indent + part.text[line_start : part.end]]


def _without_name(text: str, inside: _Token) -> _Part:
    """What is inside brackets, after what stays beside them, which may be one token, the comma."""
    _, start, end, tokens = inside
    name = _STAYS.match(text, start, end)
    if name is None:
        return _Part(text, tokens, start, end)
    commas = bool(tokens) and tokens[0].start < name.end()
    return _Part(text, tokens[commas:], name.end(), end)


def _split(part: _Part, operator: str) -> Iterator[_Part]:
    """The operands of an operator that stands in the part."""
    start, first = part.start, 0
    for index, token in enumerate(part.tokens):
        if token.text == operator:
            yield _Part(part.text, part.tokens[first:index], start, token.start)
            start, first = token.end, index + 1
    yield _Part(part.text, part.tokens[first:], start, part.end)
