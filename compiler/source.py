"""The text of a rule file: where its parts stand, and what Python was asked to decide."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path

from cmpolicy.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class RuleSource:
    """A rule's place in its file; `keywords` gives line and column of each argument of `@rule`, and of `return`."""

    file: str
    line: int
    condition: str
    keywords: tuple[tuple[str, int, int], ...]

    def keyword(self, name: str) -> tuple[int, int]:
        """Line and column of an argument of `@rule`; of the rule itself if it has no such argument."""
        return next(((line, column) for found, line, column in self.keywords if found == name), (self.line, 1))


def read_source(path: Path, function: str) -> RuleSource:
    """The source of the rule made from this function."""
    text = path.read_text(encoding="utf-8")
    definition = next(
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef) and node.name == function
    )
    keywords = [
        (keyword.arg, keyword.value.lineno, keyword.value.col_offset + 1)
        for decorator in definition.decorator_list
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
        if keyword.arg
    ]
    keywords += [
        ("return", node.value.lineno, node.value.col_offset + 1)
        for node in ast.walk(definition)
        if isinstance(node, ast.Return) and node.value is not None
    ]
    return RuleSource(str(path), definition.lineno, _condition(text, definition), tuple(keywords))


def _condition(text: str, definition: ast.FunctionDef) -> str:
    """The body without its docstring; of a lone `return`, only what it returns."""
    body = definition.body[1:] if ast.get_docstring(definition) else definition.body
    if len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None:
        return ast.get_source_segment(text, body[0].value) or ""
    lines = text.splitlines()[body[0].lineno - 1 : body[-1].end_lineno] if body else []
    return "\n".join(line.removeprefix("    ") for line in lines)


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


def explain_truth(diagnostic: Diagnostic) -> Diagnostic:
    """Name the Python construct that asked for the truth of a condition, if the file shows which one it was."""
    try:
        tree = ast.parse(Path(diagnostic.file).read_bytes())
    except (OSError, SyntaxError):
        return diagnostic
    construct = _construct(tree, diagnostic.line)
    if construct is None:
        return diagnostic
    message, remedy = _TRUTH[construct]
    return replace(diagnostic, message=f"{message}, Python decides it before the compiler sees it", help=remedy)


def _construct(tree: ast.AST, line: int) -> type[ast.AST] | None:
    """The innermost construct on this line that needs a truth value."""
    found: type[ast.AST] | None = None
    for node in ast.walk(tree):
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0) or 0
        if first <= line <= last:
            found = _needs_truth(node, line) or found
    return found


def _needs_truth(node: ast.AST, line: int) -> type[ast.AST] | None:
    match node:
        case ast.BoolOp(op=operation):
            return type(operation)
        case ast.UnaryOp(op=ast.Not()):
            return ast.Not
        case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test):
            return type(node) if test.lineno <= line <= (test.end_lineno or test.lineno) else None
        case ast.IfExp():
            return ast.IfExp
        case ast.Compare(ops=operators) if any(isinstance(each, ast.In | ast.NotIn) for each in operators):
            return ast.In
        case ast.Compare(ops=operators) if len(operators) > 1:
            return ast.Compare
        case _:
            return None
