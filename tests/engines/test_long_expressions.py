"""How long an expression in CEL may be: the engines read just what the targets let through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import Verdict
from cmpolicy.lang.cel import print_program
from cmpolicy.lang.cel_program import CelProgram
from cmpolicy.targets import load_target
from cmpolicy.targets.admission import LONGEST_EXPRESSION, longest_expression, longest_program, program_of, too_long
from cmpolicy.targets.protocol import Options, packaged

from tests.engines.runners import WAYS, LoadRefused, Request, Runner
from tests.sample_rules import CONFIG_MAP, eq, manifest, obj

CEL_ALONE: Mapping[str, Callable[[ir.Rule], CelProgram]] = {"kyverno-cel": print_program, "vap": program_of}
"""The targets that have nothing but CEL, and how they print a rule."""
OBJECT = manifest(CONFIG_MAP, "app", {"data": {"a": "x"}})


def rule_of_length(length: int, printed: Callable[[ir.Rule], CelProgram]) -> ir.Rule:
    """A rule whose longest expression has so many code points, as it is printed."""
    short = ir.Rule("test-long", (CONFIG_MAP,), (ir.Operation.CREATE,), ir.TRUE, _is_not("y"), ("it is",))
    missing = length - longest_expression(printed(short))
    return replace(short, condition=_is_not("y" * (missing + 1)))


def _is_not(text: str) -> ir.Condition:
    return ir.Not(eq(obj("data", "a"), text))


def verdict(folder: Path, name: str, rule: ir.Rule, binary: Callable[[str], Path]) -> Verdict | None:
    """What the engine says of an object that passes; None if it does not take the policy. No gap keeps that from it."""
    way = WAYS[name]
    for file in packaged(load_target(way.target), [rule], Options()):
        path = folder / way.target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    with Runner(way, binary(way.binary)) as runner:
        try:
            runner.load(folder)
        except LoadRefused:
            return None
        return runner.ask([Request(rule.id, OBJECT)])[0].verdict


@pytest.mark.parametrize("name", CEL_ALONE)
def test_an_engine_reads_the_longest_expression_that_is_no_gap(
    name: str, tmp_path: Path, binary: Callable[[str], Path]
) -> None:
    rule = rule_of_length(LONGEST_EXPRESSION, longest_program)
    assert not too_long(rule)
    assert verdict(tmp_path, name, rule, binary) is Verdict.PASS


@pytest.mark.parametrize("name", CEL_ALONE)
def test_an_engine_refuses_the_shortest_expression_that_is_a_gap(
    name: str, tmp_path: Path, binary: Callable[[str], Path]
) -> None:
    rule = rule_of_length(LONGEST_EXPRESSION + 1, CEL_ALONE[name])
    assert too_long(rule)
    assert verdict(tmp_path, name, rule, binary) in (None, Verdict.ERROR)


@pytest.mark.parametrize("name", ["kyverno", "gatekeeper-cel", "gatekeeper-rego"])
def test_others_judge_it_in_another_language(name: str, tmp_path: Path, binary: Callable[[str], Path]) -> None:
    assert verdict(tmp_path, name, rule_of_length(LONGEST_EXPRESSION + 1, program_of), binary) is Verdict.PASS
