"""The house rules hold everywhere, and each of them can fail."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath
from statistics import median

import pytest

from tests.meta.house import ANY_ALLOWED, CHECKS, LONGEST_FILE, Check, Source, length, sources

DOC = '"""A module."""\n'


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_house_rule_holds(check: Check) -> None:
    found = [f"{source.path}: {finding}" for source in sources() for finding in check(source)]
    assert found == []


@pytest.mark.parametrize(
    ("check", "path", "bad", "good"),
    [
        ("short_file", "tests/a.py", "\n" * LONGEST_FILE, "\n" * (LONGEST_FILE - 1)),
        (
            "short_functions",
            "compiler/a.py",
            "def f():\n" + "    a = 1\n" * 60,
            "def f(x):\n    match x:\n        case 1:\n" + "            a = 1\n" * 60,
        ),
        ("module_docstring", "compiler/a.py", "a = 1\n", DOC),
        ("public_docstrings", "targets/a.py", "def f(): ...\n", "def _f(): ...\n"),
        ("public_docstrings", "compiler/a.py", "class A: ...\n", 'class A:\n    """A."""\n'),
        ("no_any", "compiler/a.py", "from typing import Any\n", "from cmpolicy.ir import Any\n"),
        ("no_bare_except", "compiler/a.py", "try: f()\nexcept: g()\n", "try: f()\nexcept OSError: g()\n"),
        (
            "no_bare_except",
            "compiler/a.py",
            "try: f()\nexcept (OSError, BaseException): g()\n",
            "try: f()\nexcept BaseException:\n    g()\n    raise\n",
        ),
        ("no_bare_except", "compiler/a.py", "try: f()\nexcept Exception: pass\n", "try: f()\nexcept OSError: pass\n"),
        ("no_dispatch_by_name", "compiler/a.py", "getattr(a, name)()\n", "getattr(a, 'PACK', None)\n"),
        ("no_print", "compiler/a.py", "print(1)\n", "write(1)\n"),
        ("no_leftovers", "compiler/a.py", "a = 1  # TODO\n", "a = 'TODO'\n"),
        ("no_quiet_skip", "tests/a.py", "@pytest.mark.skip\ndef f(): ...\n", "pytest.skip('Go is missing')\n"),
        (
            "rule_imports_only_the_language",
            "policies/p/a.py",
            "from cmpolicy import ir\n",
            "from cmpolicy.dsl import rule\nfrom ._examples import a\n",
        ),
        ("rule_names_no_engine", "policies/p/a.py", "rule(kyverno_mode=1)\n", "rule(controls=['Kyverno x'])\n"),
    ],
)
def test_house_rule_can_fail(check: str, path: str, bad: str, good: str) -> None:
    find = next(each for each in CHECKS if each.__name__ == check)
    assert list(find(Source(PurePosixPath(path), bad)))
    assert not list(find(Source(PurePosixPath(path), good)))


def test_every_house_rule_is_shown_to_fail() -> None:
    (marks,) = (mark for mark in test_house_rule_can_fail.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    assert {case[0] for case in marks.args[1]} == {check.__name__ for check in CHECKS}


def test_any_is_still_used_where_it_is_allowed() -> None:
    users = {source.path for source in sources() if "import Any" in source.text}
    for pattern in ANY_ALLOWED:
        assert [path for path in users if path.match(pattern)], f"nothing under {pattern} needs `Any`"


def test_functions_are_small() -> None:
    lengths = [length(node) for source in sources() if source.shipped for node in source.of(ast.FunctionDef)]
    assert len(lengths) > 100
    assert median(lengths) < 10
