"""Printed Rego, run by OPA itself on many hostile objects, gives the reference's verdict and message."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.lang.rego import Dialect, print_module
from cmpolicy.values import Json, JsonMap

from tests.engines.adapters import run
from tests.engines.variants import variants
from tests.sample_rules import CONFIG_MAP, obj

REQUEST = Dialect(
    imports=(),
    manifest='get(input, ["review", "object"])',
    old='get(input, ["review", "oldObject"])',
    parameters=("parameters",),
    violation='{"msg": message}',
    has_message=True,
)
BARE = Dialect(("future.keywords",), "input", "null", None, "true", has_message=False)
QUANTITIES: tuple[Json, ...] = (
    *("0", "-0", "+5", "007", "1", "1.", ".5", "1e3", "1E3", "1E", "1e-3", "1e+05", "100m", "0.1", "1k", "1000"),
    *("1Gi", "1024Mi", "0.5Gi", "0.1Ki", "-.5Ki", "7Ei", "8Ei", "9Ei", "-9Ei", "9223372036854775807", "10E", "1e30"),
    *(
        "0.1n",
        "1n",
        "-0.1n",
        "1.1234567891",
        "1.123456790",
        "999.9999999999",
        "1.123456789012345678Gi",
        "1e-99",
        "1e99",
    ),
    *("1" + "0" * 400, "0." + "0" * 400 + "1", "0." + "0" * 400 + "1Gi", "1" + "0" * 400 + "Ki"),
    *("", " 1", "1K", "1gi", "1h", "1_0", "1e", "1e100", "0x1", "1\n", "\u0663", True, None, 0.1, 3, -2.5, 1e21, 1e-10),
)


def test_sample_rules(
    rules: tuple[ir.Rule, ...],
    binary: Callable[[str], Path],
    tmp_path: Path,
    pytestconfig: pytest.Config,
    tell: Callable[[str], None],
) -> None:
    asked = {rule.id: [as_go_reads(m) for m in variants(rule, pytestconfig.getoption("--mutations"))] for rule in rules}
    expected = {rule.id: [_failure(rule, manifest) for manifest in asked[rule.id]] for rule in rules}
    answers = evaluate(binary("opa"), tmp_path, rules, REQUEST, asked)
    assert answers == {rule: [[{"msg": m}] if m is not None else [] for m in found] for rule, found in expected.items()}
    answers = evaluate(binary("opa"), tmp_path, rules, BARE, asked)
    assert answers == {rule: [[True] if m is not None else [] for m in found] for rule, found in expected.items()}
    failures = sum(m is not None for found in expected.values() for m in found)
    total = sum(map(len, asked.values()))
    assert 0 < failures < total
    tell(f"opa eval: {total} objects, of which {failures} fail, in two dialects")


def test_an_element_with_several_witnesses_counts_once(binary: Callable[[str], Path], tmp_path: Path) -> None:
    inner = ir.Any(ir.Elems(ir.Var("outer")), "inner", ir.Eq(ir.Var("inner"), ir.Const("x")))
    count = ir.Count(ir.Elems(obj("lists")), "outer", inner)
    rule = ir.Rule("r", (CONFIG_MAP,), (ir.Operation.CREATE,), ir.TRUE, ir.Eq(count, ir.Const(1)), (count, " found"))
    lists: list[Json] = [[["x", "x"]], [["x", "x"], ["x"]], [["y"]]]
    asked: list[JsonMap] = [{"apiVersion": "v1", "kind": "ConfigMap", "lists": value} for value in lists]
    answers = evaluate(binary("opa"), tmp_path, [rule], REQUEST, {rule.id: asked})
    assert answers == {rule.id: [[], [{"msg": "2 found"}], [{"msg": "0 found"}]]}


@pytest.mark.parametrize("order", ir.Order)
def test_quantities(order: ir.Order, binary: Callable[[str], Path], tmp_path: Path) -> None:
    rule = ir.Rule(
        id="quantities",
        kinds=(CONFIG_MAP,),
        operations=(ir.Operation.CREATE,),
        when=ir.TRUE,
        condition=ir.CompareQuantity(order, obj("a"), obj("b")),
        message=("m",),
    )
    pairs = itertools.product(QUANTITIES, repeat=2)
    asked: list[JsonMap] = [{"apiVersion": "v1", "kind": "ConfigMap", "a": a, "b": b} for a, b in pairs]
    answers = evaluate(binary("opa"), tmp_path, [rule], BARE, {rule.id: asked})[rule.id]
    wrong = [
        (manifest["a"], manifest["b"])
        for manifest, answer in zip(asked, answers, strict=True)
        if (answer == []) != (judge(rule, manifest).verdict is Verdict.PASS)
    ]
    assert wrong == []


def evaluate(
    opa: Path, folder: Path, rules: Sequence[ir.Rule], dialect: Dialect, asked: Mapping[str, Sequence[JsonMap]]
) -> dict[str, list[list[Any]]]:
    """The set `violation` of each rule for each of its objects, in one process."""
    packages = {rule.id: f"p{number}" for number, rule in enumerate(rules)}
    for rule in rules:
        (folder / f"{packages[rule.id]}.rego").write_text(print_module(rule, packages[rule.id], dialect))
    (folder / "input.json").write_text(json.dumps({packages[rule]: list(objects) for rule, objects in asked.items()}))
    given = '{"review": {"object": manifest, "oldObject": null}}' if dialect is REQUEST else "manifest"
    answers = (
        f'"{rule}": [found | some manifest in input.{package}; found := data.{package}.violation with input as {given}]'
        for rule, package in packages.items()
    )
    dialect_flags = ["--v0-compatible"] if dialect is BARE else []
    modules = [f"--data={folder / package}.rego" for package in packages.values()]
    command: list[str | Path] = [
        opa,
        "eval",
        "--strict-builtin-errors=false",
        "--import=future.keywords",
        *dialect_flags,
        *modules,
    ]
    query = f"answers := {{{', '.join(answers)}}}"
    result = run([*command, f"--input={folder / 'input.json'}", "--format=json", query], folder)
    assert result.returncode == 0, result.stdout[:3000] + result.stderr
    found: dict[str, list[list[Any]]] = json.loads(result.stdout)["result"][0]["bindings"]["answers"]
    return found


def as_go_reads(manifest: JsonMap) -> JsonMap:
    """The manifest with every num a double, as Gatekeeper and Datree hand it to OPA."""
    read: JsonMap = json.loads(json.dumps(manifest), parse_int=_double, parse_float=_double)
    return read


def _double(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


def _failure(rule: ir.Rule, manifest: JsonMap) -> str | None:
    judgement = judge(rule, manifest)
    return judgement.message if judgement.verdict is Verdict.FAIL else None
