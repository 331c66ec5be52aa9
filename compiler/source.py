"""The text of a rule file: where its parts stand, and what Python was asked to decide."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from cmpolicy.diagnostics import Diagnostic

_DEFINITION = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(?P<name>\w+)", re.MULTILINE)

Places: TypeAlias = tuple[tuple[int, int], ...]
"""Lines and columns, both from 1."""


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A rule's place in its file, and the text of its condition.

    What only a diagnostic needs is found when it is asked for: `identities` gives line and column of each `is` in the
    rule's function; `keywords` those of each argument of `@rule`, and of `return`.
    """

    file: str
    line: int
    condition: str
    identities: Callable[[], Places]
    keywords: Callable[[], tuple[tuple[str, int, int], ...]]

    def keyword(self, name: str) -> tuple[int, int]:
        """Line and column of an argument of `@rule`; of the rule itself if it has no such argument."""
        return next(((line, column) for found, line, column in self.keywords() if found == name), (self.line, 1))


def read_source(path: Path, function: str) -> RuleSource:
    """The source of the rule made from this function. Raises what `ast.parse` raises."""
    text = path.read_text(encoding="utf-8")
    definition = _by_itself(text, function) or _in_file(path, function)
    return RuleSource(
        str(path),
        definition.lineno,
        _condition(text, definition),
        lambda: tuple(_identities(definition)),
        lambda: tuple(_keywords(_in_file(path, function))),
    )


def _in_file(path: Path, function: str) -> ast.FunctionDef:
    """The function, its decorators with it."""
    nodes = ast.walk(ast.parse(path.read_bytes(), str(path)))
    return next(node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == function)


def _by_itself(text: str, function: str) -> ast.FunctionDef | None:
    """The function without its decorators, whose examples are most of a file; None if its start is not plain to see."""
    found = [each for each in _DEFINITION.finditer(text) if each["name"] == function]
    if len(found) != 1 or not found[0].group().startswith("def"):
        return None
    start = found[0].start()
    try:
        definition = ast.parse("\n" * text.count("\n", 0, start) + text[start:]).body[0]
    except SyntaxError:
        return None
    return definition if isinstance(definition, ast.FunctionDef) else None


def _keywords(definition: ast.FunctionDef) -> Iterator[tuple[str, int, int]]:
    for decorator in definition.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg:
                yield keyword.arg, keyword.value.lineno, keyword.value.col_offset + 1
    for node in _in_body(definition):
        if isinstance(node, ast.Return) and node.value is not None:
            yield "return", node.value.lineno, node.value.col_offset + 1


def _identities(definition: ast.FunctionDef) -> list[tuple[int, int]]:
    return sorted(
        (node.lineno, node.col_offset + 1)
        for node in _in_body(definition)
        if isinstance(node, ast.Compare) and any(isinstance(each, ast.Is | ast.IsNot) for each in node.ops)
    )


def _in_body(definition: ast.FunctionDef) -> Iterator[ast.AST]:
    return ast.walk(ast.Module(definition.body, []))


def _condition(text: str, definition: ast.FunctionDef) -> str:
    """The body without its docstring; of a lone `return`, only what it returns."""
    body = definition.body[1:] if ast.get_docstring(definition) else definition.body
    if len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None:
        return _segment(text, body[0].value)
    lines = text.splitlines()[body[0].lineno - 1 : body[-1].end_lineno] if body else []
    return "\n".join(line.removeprefix("    ") for line in lines)


def _segment(text: str, node: ast.expr) -> str:
    """The text of an expression; `ast.get_source_segment` looks at every character of the file for this."""
    assert node.end_lineno is not None
    lines = [line.encode() for line in text.split("\n")[node.lineno - 1 : node.end_lineno]]
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"\n".join(lines).decode()


_TRUTH = {
    ast.And: ("`and` cannot combine conditions", "write `a & b`, or `all_of(a, b)`"),
    ast.Or: ("`or` cannot combine conditions", "write `a | b`, or `any_of(a, b)`"),
    ast.Not: ("`not` cannot negate a condition", "write `~a`"),
    ast.If: ("`if` cannot branch on a condition", "write `a.implies(b)`, or `any_of(~a, b)`"),
    ast.IfExp: ("`if` cannot branch on a condition", "write `a.implies(b)`, or `any_of(~a, b)`"),
    ast.While: ("`while` cannot test a condition", "use `.any(lambda x: ...)` or `.all(lambda x: ...)`"),
    ast.Assert: ("`assert` cannot test a condition", "return the condition"),
    ast.In: ("`in` cannot test a field", "write `x.is_in([...])`, `x.contains(...)` or `x.has(...)`"),
    ast.Compare: ("comparisons cannot be chained", "write `(a < x) & (x < b)`"),
}


def explain_decision(diagnostic: Diagnostic) -> Diagnostic:
    """Name and mark what asked Python to decide about a condition or to loop over a field, if the file shows it.

    The place comes from the syntax tree: which instruction asks differs between versions of Python.
    """
    try:
        text = Path(diagnostic.file).read_bytes()
        asking = _asking(ast.parse(text), diagnostic.line)
    except (OSError, SyntaxError):
        return diagnostic
    if asking is None or (asking.construct is ast.For) != (diagnostic.code == "loop"):
        return diagnostic
    return _marked(_named(diagnostic, asking.construct), asking.about, text.splitlines())


@dataclass(frozen=True, slots=True)
class _Asking:
    """A construct that needs Python to decide, and the expression that it is about."""

    construct: type[ast.AST]
    about: ast.expr


def _named(diagnostic: Diagnostic, construct: type[ast.AST]) -> Diagnostic:
    if construct not in _TRUTH:
        return diagnostic
    message, remedy = _TRUTH[construct]
    return replace(diagnostic, message=f"{message}, Python decides it before the compiler sees it", help=remedy)


def _marked(diagnostic: Diagnostic, about: ast.expr, lines: list[bytes]) -> Diagnostic:
    line = lines[about.lineno - 1]
    end = about.end_col_offset if about.end_lineno == about.lineno else None
    start_column, end_column = (len(line[:offset].decode(errors="replace")) + 1 for offset in (about.col_offset, end))
    return replace(diagnostic, line=about.lineno, column=start_column, end_column=end_column)


def _asking(tree: ast.AST, line: int) -> _Asking | None:
    """The innermost construct on this line that needs Python to decide."""
    found: _Asking | None = None
    for node in ast.walk(tree):
        asking = _asks(node)
        if asking and asking.about.lineno <= line <= (asking.about.end_lineno or asking.about.lineno):
            found = asking
    return found


def _asks(node: ast.AST) -> _Asking | None:
    match node:
        case ast.BoolOp(op=operation):
            return _Asking(type(operation), node)
        case ast.UnaryOp(op=ast.Not()):
            return _Asking(ast.Not, node)
        case ast.If(test=about) | ast.While(test=about) | ast.Assert(test=about) | ast.IfExp(test=about):
            return _Asking(type(node), about)
        case ast.For(iter=about) | ast.comprehension(iter=about):
            return _Asking(ast.For, about)
        case ast.Compare(ops=operators) if any(isinstance(each, ast.In | ast.NotIn) for each in operators):
            return _Asking(ast.In, node)
        case ast.Compare(ops=operators) if len(operators) > 1:
            return _Asking(ast.Compare, node)
        case _:
            return None
