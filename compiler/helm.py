"""What fixes a failure: Helm values and manifests meant for the object, at what the parameters are set to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.evaluate import NOTHING, Compiled, Verdict, compile_rules
from cmpolicy.evaluate.judge import kind_of
from cmpolicy.passes.templates import filled, parts
from cmpolicy.passes.unique_names import unique_names
from cmpolicy.values import Json, JsonMap

Answers: TypeAlias = dict[Compiled, bool]
"""Which questions are true of one object."""


def values_for(rule: ir.Rule, manifest: JsonMap, answers: Answers | None = None) -> JsonMap:
    """The values for this object, by dotted key in the author's order; all of the rule's if none is meant for it.

    `answers` keeps what other rules asked of the same object: the rules of a pack mostly ask alike.
    """
    meant = meant_values(rule, manifest, answers)
    otherwise = {} if rule.about.remedy else rule.about.helm_values
    return meant or {key: _value(rule, value, manifest) for key, value in otherwise.items()}


def meant_values(rule: ir.Rule, manifest: JsonMap, answers: Answers | None = None) -> JsonMap:
    """The values that are meant for this object, by dotted key in the author's order."""
    answers = {} if answers is None else answers
    meant = {key: value for key, value in rule.about.helm_values.items() if _is_for(rule, value, manifest, answers)}
    return {key: _value(rule, value, manifest) for key, value in meant.items()}


def manifests_for(rule: ir.Rule, manifest: JsonMap) -> list[JsonMap]:
    """The manifests that fix a failure of this object."""
    meant = [each for each in rule.about.fix_manifests if _is_for(rule, each, manifest, {})]
    made = (filled(each.manifest, lambda text: _text(rule, text, manifest)) for each in meant)
    return [each for each in made if isinstance(each, Mapping)]


def all_values(rule: ir.Rule) -> JsonMap:
    """The values for all objects, by dotted key in the author's order, with their texts as the author wrote them."""
    return {key: as_written(value.value) for key, value in rule.about.helm_values.items()}


def all_manifests(rule: ir.Rule) -> list[JsonMap]:
    """The manifests for all objects, with their texts as the author wrote them."""
    written = (as_written(each.manifest) for each in rule.about.fix_manifests)
    return [each for each in written if isinstance(each, Mapping)]


def as_written(template: ir.Template) -> Json:
    """The template with its texts as the author wrote them."""
    return filled(template, lambda text: text.source)


def _value(rule: ir.Rule, value: ir.HelmValue, manifest: JsonMap) -> Json:
    if _shows_text(value):
        return filled(value.value, lambda text: _text(rule, text, manifest))
    return _constant(value)


@lru_cache(maxsize=4096)
def _shows_text(value: ir.HelmValue) -> bool:
    """Whether it differs from object to object."""
    return any(isinstance(each, ir.Shown) for each in parts(value.value))


@lru_cache(maxsize=4096)
def _constant(value: ir.HelmValue) -> Json:
    return as_written(value.value)


def _text(rule: ir.Rule, text: ir.Shown, manifest: JsonMap) -> str:
    kind = kind_of(rule, manifest)
    return text.source if kind is None else _shown(text, kind)(manifest, None, NOTHING)[0].message


@lru_cache(maxsize=1024)
def _shown(text: ir.Shown, kind: ir.Kind) -> Compiled:
    """A rule that fails and whose message is the text, which is hashed by identity."""
    failing = ir.Rule("", (kind,), (ir.Operation.CREATE,), ir.TRUE, ir.FALSE, text.message)
    return compile_rules([unique_names(failing)], kind)


def _is_for(rule: ir.Rule, value: ir.HelmValue | ir.FixManifest, manifest: JsonMap, answers: Answers) -> bool:
    if value.when == ir.TRUE:
        return True
    kind = kind_of(rule, manifest)
    if kind is None:
        return False
    question = _question(value, kind)
    if question not in answers:
        answers[question] = question(manifest, None, NOTHING)[0].verdict is Verdict.PASS
    return answers[question]


@lru_cache(maxsize=4096)
def _question(value: ir.HelmValue | ir.FixManifest, kind: ir.Kind) -> Compiled:
    """The question of a value, which is hashed by identity; conditions that differ in variables alone share theirs."""
    asked = ir.Rule("", (kind,), (ir.Operation.CREATE,), ir.TRUE, value.when, ())
    return _compiled(unique_names(asked).condition, kind)


@lru_cache(maxsize=1024)
def _compiled(when: ir.Condition, kind: ir.Kind) -> Compiled:
    return compile_rules([ir.Rule("", (kind,), (ir.Operation.CREATE,), ir.TRUE, when, ())], kind)
