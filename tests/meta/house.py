"""The house rules as functions: each takes one source file and gives what breaks the rule, one line per finding."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TypeVar

NodeT = TypeVar("NodeT", bound=ast.AST)

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

# Authors' functions take expressions whose classes only the field index knows.
ANY_ALLOWED = ("compiler/dsl/*",)
# Only what talks to people prints.
PRINT_ALLOWED = ("compiler/cli/*", "compiler/fields/generate.py", "dev.py", "tests/*/*.py")
RULE_IMPORTS = ("cmpolicy.dsl", "cmpolicy.kinds", "__future__", "collections.abc")
ENGINE_WORDS = ("kyverno", "gatekeeper", "datree", "rego", "jmespath", "constrainttemplate", "clusterpolicy")


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file: its path from the root, its text, and every node of its syntax tree."""

    path: PurePosixPath
    text: str
    tree: ast.Module = field(init=False)
    nodes: tuple[ast.AST, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", ast.parse(self.text))
        object.__setattr__(self, "nodes", tuple(ast.walk(self.tree)))

    def of(self, *types: type[NodeT]) -> Iterator[NodeT]:
        """The nodes of these types."""
        return (node for node in self.nodes if isinstance(node, types))

    def under(self, *patterns: str) -> bool:
        return any(self.path.match(pattern) for pattern in patterns)

    @property
    def shipped(self) -> bool:
        """It is part of what users install."""
        return self.path.parts[0] in ("compiler", "targets", "policies")

    @property
    def is_rule(self) -> bool:
        """It is the file of one rule."""
        return self.path.parts[0] == "policies" and len(self.path.parts) == 3 and not self.path.name.startswith("_")


Check = Callable[[Source], Iterator[str]]


def short_file(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    if lines >= LONGEST_FILE:
        yield f"{lines} lines; split it"


def short_functions(source: Source) -> Iterator[str]:
    for node in source.of(ast.FunctionDef):
        # A match over every node of the IR is long because it is flat.
        if length(node) > LONGEST_FUNCTION and not any(isinstance(each, ast.Match) for each in ast.walk(node)):
            yield f"{node.lineno}: `{node.name}` has {length(node)} lines"


def module_docstring(source: Source) -> Iterator[str]:
    if not ast.get_docstring(source.tree):
        yield "no docstring"


def public_docstrings(source: Source) -> Iterator[str]:
    public = [] if source.is_rule or not source.shipped else source.tree.body
    for node in public:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_" and not ast.get_docstring(node):
            yield f"{node.lineno}: `{node.name}` has no docstring"


def no_any(source: Source) -> Iterator[str]:
    for node in source.of(ast.ImportFrom):
        imports_any = node.module == "typing" and any(alias.name == "Any" for alias in node.names)
        if imports_any and source.shipped and not source.under(*ANY_ALLOWED):
            yield f"{node.lineno}: `Any`"


def no_bare_except(source: Source) -> Iterator[str]:
    for node in source.of(ast.ExceptHandler):
        names = {each.id for each in ast.walk(node.type) if isinstance(each, ast.Name)} if node.type else {""}
        if names & {"", "BaseException"} and not _raises(node):
            yield f"{node.lineno}: catches everything"
        elif "Exception" in names and all(isinstance(each, ast.Pass) for each in node.body):
            yield f"{node.lineno}: drops every exception"


def no_dispatch_by_name(source: Source) -> Iterator[str]:
    for node in source.of(ast.Call):
        if source.shipped and _called(node) == "getattr" and not isinstance(node.args[1], ast.Constant):
            yield f"{node.lineno}: `getattr` with a computed name"


def no_print(source: Source) -> Iterator[str]:
    for node in source.of(ast.Call):
        if _called(node) == "print" and not source.under(*PRINT_ALLOWED):
            yield f"{node.lineno}: only the command line prints"


def no_leftovers(source: Source) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT and any(word in token.string for word in ("TODO", "FIXME", "XXX")):
            yield f"{token.start[0]}: unfinished"


def no_quiet_skip(source: Source) -> Iterator[str]:
    for node in source.of(ast.Attribute):
        marks = isinstance(node.value, ast.Attribute) and node.value.attr == "mark"
        if marks and node.attr in ("skip", "xfail", "skipif"):
            yield f"{node.lineno}: `mark.{node.attr}`"


def rule_imports_only_the_language(source: Source) -> Iterator[str]:
    for node in source.of(ast.Import, ast.ImportFrom):
        for module in _imported(node):
            if source.is_rule and not module.startswith(("policies", ".", *RULE_IMPORTS)):
                yield f"{node.lineno}: imports `{module}`"


def rule_names_no_engine(source: Source) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        is_name = source.is_rule and token.type == tokenize.NAME
        if is_name and any(word in token.string.lower() for word in ENGINE_WORDS):
            yield f"{token.start[0]}: `{token.string}` is an engine's word"


CHECKS: tuple[Check, ...] = (
    short_file,
    short_functions,
    module_docstring,
    public_docstrings,
    no_any,
    no_bare_except,
    no_dispatch_by_name,
    no_print,
    no_leftovers,
    no_quiet_skip,
    rule_imports_only_the_language,
    rule_names_no_engine,
)


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the project."""
    folders = (ROOT / name for name in ("compiler", "targets", "policies", "tests"))
    files = [ROOT / "dev.py", ROOT / "setup.py", *(file for folder in folders for file in folder.rglob("*.py"))]
    return tuple(
        Source(PurePosixPath(file.relative_to(ROOT)), file.read_text(encoding="utf-8")) for file in sorted(files)
    )


def length(function: ast.FunctionDef) -> int:
    """The lines of a function, its docstring included."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _imported(node: ast.stmt) -> list[str]:
    match node:
        case ast.Import(names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module, _, level):
            return ["." * level + (module or "")]
        case _:
            return []
