"""The Helm values that fix a failure: those meant for the object, at what the parameters are set to."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from cmpolicy import ir
from cmpolicy.evaluate import Judgement, Verdict, compile_rule
from cmpolicy.evaluate.judge import kind_of
from cmpolicy.values import Json, JsonMap


def values_for(rule: ir.Rule, manifest: JsonMap) -> JsonMap:
    """The values for this object, by dotted key in the author's order; all of the rule's if none is meant for it."""
    meant = {key: value for key, value in rule.about.helm_values.items() if _is_for(rule, value, manifest)}
    return {key: constant(value) for key, value in (meant or rule.about.helm_values).items()}


def all_values(rule: ir.Rule) -> JsonMap:
    """The values for all objects, by dotted key in the author's order."""
    return {key: constant(value) for key, value in rule.about.helm_values.items()}


def constant(value: Json | ir.HelmValue) -> Json:
    """What is to be set; of a parameter what it is set to."""
    inner = value.value if isinstance(value, ir.HelmValue) else value
    if not isinstance(inner, ir.Param):
        return inner
    return list(inner.default) if isinstance(inner.default, tuple) else inner.default


def _is_for(rule: ir.Rule, value: Json | ir.HelmValue, manifest: JsonMap) -> bool:
    if not isinstance(value, ir.HelmValue) or value.when == ir.TRUE:
        return True
    kind = kind_of(rule, manifest)
    return kind is not None and _question(value, kind)(manifest, None).verdict is Verdict.PASS


@lru_cache(maxsize=1024)
def _question(value: ir.HelmValue, kind: ir.Kind) -> Callable[[JsonMap, Json], Judgement]:
    return compile_rule(ir.Rule("", (kind,), (ir.Operation.CREATE,), ir.TRUE, value.when, ()), kind)
