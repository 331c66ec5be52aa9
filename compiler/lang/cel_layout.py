"""Long CEL and JMESPath over several lines: broken after operators, the loosest first, and inside brackets.

A catalogue has a hundred thousand tokens: they are plain tuples, and those in small brackets are mostly never looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

WIDTH = 100
_SHORT = 40
"""Characters up to which brackets stay closed if others on the line are longer."""

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
_IN_PARENTHESES = (" || ", " && ")
"""What stands beside these operators gets parentheses once it needs several lines."""

_Token: TypeAlias = "tuple[int, int, int, _Tokens | None]"
"""An operator by its place in the style, or after the last place what stands in brackets; its start and end in the text,
and the tokens in it, None where they are not looked for yet."""
_Tokens: TypeAlias = "Sequence[_Token]"
_Part: TypeAlias = "tuple[int, int, _Tokens]"
"""Start and end of a part of the text, and the tokens that stand in it, in no brackets of the part."""


@lru_cache(maxsize=1024)  # several targets print the same expressions
def layout(text: str, style: Style = CEL) -> str:
    """The expression on one line if it fits, else on several: `a || b && c  ->  a ||`, `b && c`."""
    if len(text) <= max(WIDTH, style.least):
        return text
    laid = _Laid(text, style)
    laid.add((0, len(text), _tokens(text, 0, len(text), style)), WIDTH, "")
    return "\n".join(laid.lines)


@lru_cache
def _pattern(style: Style) -> re.Pattern[str]:
    """Texts in quotes, brackets that hold at most one level of others, opening and closing ones of others, and operators.

    Every alternative starts with a character of its own, for which the engine looks without trying them all.
    """
    quoted, plain = r'"(?:[^"\\]++|\\.)*+"', r'[^()\[\]{}"]++'
    flat = _bracketed(f"{plain}|{quoted}")
    nested = _bracketed(f"{plain}|{quoted}|{flat}")
    signs = "|".join(map(re.escape, ("(", "[", "{", ")", "]", "}", *style.operators)))
    return re.compile(f"({quoted}|{nested}|{signs})")


def _bracketed(inner: str) -> str:
    return "|".join(rf"{re.escape(opening)}(?:{inner})*+[)\]}}]" for opening in "([{")


def _tokens(text: str, start: int, end: int, style: Style) -> list[_Token]:
    places = {operator: place for place, operator in enumerate(style.operators)}
    brackets = len(places)
    around: list[tuple[int, list[_Token]]] = []
    tokens: list[_Token] = []
    pieces = _pattern(style).split(text[start:end])
    after = start
    for between, token in zip(pieces[:-1:2], pieces[1::2], strict=True):
        at = after + len(between)
        after = at + len(token)
        if (place := places.get(token)) is not None:
            tokens.append((place, at, after, ()))
        elif token[0] == '"':
            continue
        elif len(token) > 1:
            tokens.append((brackets, at + 1, after - 1, None))
        elif token in "([{":
            around.append((after, tokens))
            tokens = []
        elif around:
            opened, outer = around.pop()
            outer.append((brackets, opened, at, tokens))
            tokens = outer
    return tokens


@dataclass(frozen=True, slots=True)
class _Laid:
    """The text in a style, on lines to which one part after the other is added."""

    text: str
    style: Style
    lines: list[str] = field(default_factory=list)

    def add(self, part: _Part, width: int, indent: str) -> None:
        """The part on lines of at most this width beyond their indentation, where it can be broken."""
        width = max(width, self.style.least)
        start, end, tokens = part
        if end - start <= width:
            self.lines.append(indent + self.text[start:end])
            return
        loosest = min([token[0] for token in tokens], default=len(self.style.operators))
        if loosest < len(self.style.operators):
            self._add_joined(part, loosest, width, indent)
        else:
            self._add_opened(part, width, indent)

    def _add_joined(self, part: _Part, place: int, width: int, indent: str) -> None:
        """Each operand from the start of a line, and the operator at its end; the middle of a conditional indented."""
        operator = self.style.operators[place]
        sign = operator.rstrip()
        *firsts, last = _split(part, place)
        for each in firsts:
            self._add_operand(each, operator, width, indent)
            self.lines[-1] += sign
        self._add_operand(last, operator, width, f"{indent}  " if operator == " ? " else indent)

    def _add_operand(self, part: _Part, operator: str, width: int, indent: str) -> None:
        """The operand on its lines; what `&&` holds together beside an `||` gets parentheses once it needs several."""
        start, end, tokens = part
        if end - start > width and operator in _IN_PARENTHESES and self._is_operation(tokens):
            self.lines.append(f"{indent}(")
            self.add(part, width - 2, f"{indent}  ")
            self.lines.append(f"{indent})")
        else:
            self.add(part, width - 2, indent)

    def _is_operation(self, tokens: _Tokens) -> bool:
        brackets = len(self.style.operators)
        return any(token[0] != brackets for token in tokens)

    def _add_opened(self, part: _Part, width: int, indent: str) -> None:
        """What stands in the outermost brackets on lines of its own; what stays beside a bracket is before it."""
        line_start, part_end, pairs = part
        longest = max([end - start for _, start, end, _ in pairs], default=0)
        shortest = max(1, min(longest, _SHORT))
        for inside in pairs:
            _, start, end, _ = inside
            if end - start >= shortest:
                body = self._without_name(inside)
                self.lines.append(indent + self.text[line_start : body[0]].rstrip())
                self.add(body, width - 2, f"{indent}  ")
                line_start = end
        self.lines.append(indent + self.text[line_start:part_end])

    def _without_name(self, inside: _Token) -> _Part:
        """What is inside brackets, after what stays beside them, which may be one token, the comma."""
        _, start, end, found = inside
        tokens = _tokens(self.text, start, end, self.style) if found is None else found
        name = _STAYS.match(self.text, start, end)
        if name is None:
            return start, end, tokens
        commas = bool(tokens) and tokens[0][1] < name.end()
        return name.end(), end, tokens[commas:]


def _split(part: _Part, place: int) -> Iterator[_Part]:
    """The operands of an operator that stands in the part."""
    start, end, tokens = part
    first = 0
    for index, token in enumerate(tokens):
        if token[0] == place:
            yield start, token[1], tokens[first:index]
            start, first = token[2], index + 1
    yield start, end, tokens[first:]
