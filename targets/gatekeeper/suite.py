"""The native test suite: each example of a rule is a case of `gator verify`.

A rule with parameters is tested a second time with a constraint that gives none, which must mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge_example
from cmpolicy.targets.examples import example_text
from cmpolicy.targets.gatekeeper.constraint import constraint
from cmpolicy.targets.protocol import File, Options
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump, dump_items, dump_json, dump_listed

SUITE = "tests/suite.yaml"
_IS_CUT = re.compile(r"^[^\S\n]*(?:\n|#|---)", re.MULTILINE)
"""An empty line, a comment or a separator, or what looks so inside a text."""


def samples(rule: ir.Rule) -> Iterator[File]:
    """A sample for each example of a rule, and the constraint without parameters."""
    if rule.parameters:
        bare = constraint(replace(rule, parameters=()), Options())
        yield File(f"tests/{_bare_constraint(rule)}", dump(bare), rule.id)
    for name, example in _examples(rule):
        yield File(f"tests/{_sample(rule, name)}", document(example.object), rule.id)
        for number, other in enumerate(example.others, 1):
            yield File(f"tests/{_other(rule, name, number)}", document(other), rule.id)


def tests(rule: ir.Rule) -> str:
    """The tests of a rule, as items of the suite."""
    cases: list[Json] = [_case(rule, name, example) for name, example in _examples(rule)]
    template = f"../templates/{rule.id}.yaml"
    given = {"name": rule.id, "template": template, "constraint": f"../constraints/{rule.id}.yaml", "cases": cases}
    if not rule.parameters:
        return dump_items([given])
    bare = {**given, "name": f"{rule.id} without parameters", "constraint": _bare_constraint(rule)}
    return dump_items([given, bare])


def suite(texts: Iterable[str]) -> File:
    """The suite of these tests."""
    head: JsonMap = {
        "apiVersion": "test.gatekeeper.sh/v1alpha1",
        "kind": "Suite",
        "metadata": {"name": "cmpolicy"},
    }
    return File(SUITE, dump_listed(head, "tests", texts))


def _bare_constraint(rule: ir.Rule) -> str:
    return f"constraints/{rule.id}.yaml"


def _case(rule: ir.Rule, name: str, example: ir.Example) -> JsonMap:
    others: list[Json] = [_other(rule, name, number) for number, _ in enumerate(example.others, 1)]
    case: JsonMap = {"name": name, "object": _sample(rule, name), "assertions": [_assertion(rule, example)]}
    return {**case, "inventory": others} if others else case


def _assertion(rule: ir.Rule, example: ir.Example) -> JsonMap:
    judgement = judge_example(rule, example)
    if judgement.verdict is not Verdict.FAIL:
        return {"violations": 0}
    return {"violations": 1, "message": f"^{_escape(judgement.message)}$"}


def _escape(text: str) -> str:
    """The text as a regular expression of RE2."""
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", text)


def _examples(rule: ir.Rule) -> Iterator[tuple[str, ir.Example]]:
    for side, examples in (("good", rule.about.good), ("bad", rule.about.bad)):
        for number, example in enumerate(examples, start=1):
            yield f"{side}-{number}", example


def _other(rule: ir.Rule, name: str, number: int) -> str:
    return f"samples/{rule.id}/{name}-other-{number}.yaml"


def _sample(rule: ir.Rule, name: str) -> str:
    return f"samples/{rule.id}/{name}.yaml"


def document(manifest: JsonMap) -> str:
    """One document, in JSON where gator, which cuts files line by line, would change the text of a block in YAML."""
    text = example_text(manifest)
    return dump_json(manifest) if _IS_CUT.search(text) else text
