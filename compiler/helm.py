"""The Helm values that fix a failure: those meant for the object, at what the parameters are set to."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.evaluate import NOTHING, Compiled, Verdict, compile_rules
from cmpolicy.evaluate.judge import kind_of
from cmpolicy.passes.unique_names import unique_names
from cmpolicy.values import Json, JsonMap

Answers: TypeAlias = dict[Compiled, bool]
"""Which questions are true of one object."""


def values_for(rule: ir.Rule, manifest: JsonMap, answers: Answers | None = None) -> JsonMap:
    """The values for this object, by dotted key in the author's order; all of the rule's if none is meant for it.

    `answers` keeps what other rules asked of the same object: the rules of a pack mostly ask alike.
    """
    answers = {} if answers is None else answers
    values = rule.about.helm_values
    meant = {key: value for key, value in values.items() if _is_for(rule, value, manifest, answers)}
    return {key: constant(value) for key, value in (meant or values).items()}


def all_values(rule: ir.Rule) -> JsonMap:
    """The values for all objects, by dotted key in the author's order."""
    return {key: constant(value) for key, value in rule.about.helm_values.items()}


def constant(value: Json | ir.HelmValue) -> Json:
    """What is to be set; of a parameter what it is set to."""
    inner = value.value if isinstance(value, ir.HelmValue) else value
    if not isinstance(inner, ir.Param):
        return inner
    return list(inner.default) if isinstance(inner.default, tuple) else inner.default


def _is_for(rule: ir.Rule, value: Json | ir.HelmValue, manifest: JsonMap, answers: Answers) -> bool:
    if not isinstance(value, ir.HelmValue) or value.when == ir.TRUE:
        return True
    kind = kind_of(rule, manifest)
    if kind is None:
        return False
    question = _question(value, kind)
    if question not in answers:
        answers[question] = question(manifest, None, NOTHING)[0].verdict is Verdict.PASS
    return answers[question]


@lru_cache(maxsize=4096)
def _question(value: ir.HelmValue, kind: ir.Kind) -> Compiled:
    """The question of a value, which is hashed by identity; conditions that differ in variables alone share theirs."""
    asked = ir.Rule("", (kind,), (ir.Operation.CREATE,), ir.TRUE, value.when, ())
    return _compiled(unique_names(asked).condition, kind)


@lru_cache(maxsize=1024)
def _compiled(when: ir.Condition, kind: ir.Kind) -> Compiled:
    return compile_rules([ir.Rule("", (kind,), (ir.Operation.CREATE,), ir.TRUE, when, ())], kind)
