"""The reference: what a rule says of a manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeAlias, TypeVar

from cmpolicy import ir
from cmpolicy.evaluate.closures import OLD, Frame, Slots, condition_closure, value_closure
from cmpolicy.evaluate.known import NOTHING, inventory
from cmpolicy.evaluate.text import message_text, text
from cmpolicy.passes import bind_parameters, expand_workloads
from cmpolicy.values import Json, JsonMap

T = TypeVar("T")


class Verdict(StrEnum):
    """What came of judging an object by a rule. The reference never says error; an engine or a bad input may."""

    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and for a failure its message."""

    verdict: Verdict
    message: str = ""


SKIPPED = Judgement(Verdict.SKIP)
PASSED = Judgement(Verdict.PASS)


Compiled: TypeAlias = Callable[[JsonMap, Json, JsonMap], list[Judgement]]
"""Judges an object by several rules: a function of it, the old object, and the inventory of known objects."""


def compile_rules(rules: Iterable[ir.Rule], kind: ir.Kind) -> Compiled:
    """Rules compiled for objects of this kind: the judgement of each in their order; what several read is read once."""
    slots: Slots = {}
    judges = [_rule_closure(rule, kind, slots) for rule in rules]
    cells: list[Json] = [None] * len(slots)

    def judge_object(manifest: JsonMap, old: Json, objects: JsonMap) -> list[Judgement]:
        frame: Frame = [manifest, old, objects, *cells]
        return [judge_frame(frame) for judge_frame in judges]

    return judge_object


def _rule_closure(rule: ir.Rule, kind: ir.Kind, slots: Slots) -> Callable[[Frame], Judgement]:
    expanded, on_creation = lowered(rule, kind), ir.Operation.CREATE in rule.operations
    when = condition_closure(expanded.when, slots)
    condition = condition_closure(expanded.condition, slots)
    message = [_part_closure(part, slots) for part in expanded.message]

    def judge_frame(frame: Frame) -> Judgement:
        if (frame[OLD] is None and not on_creation) or not when(frame):
            return SKIPPED
        if condition(frame):
            return PASSED
        return Judgement(Verdict.FAIL, message_text(part(frame) for part in message))

    return judge_frame


def _part_closure(part: str | ir.Value, slots: Slots) -> Callable[[Frame], str]:
    if isinstance(part, str):
        return lambda _: part
    of_value = value_closure(part, slots)
    return lambda frame: text(of_value(frame))


def lowered(rule: ir.Rule, kind: ir.Kind) -> ir.Rule:
    """The rule for this kind alone, its parameters bound; what closures are made of."""
    return _lowered(_ByIdentity(rule), kind)


@lru_cache(maxsize=1024)
def _lowered(rule: _ByIdentity[ir.Rule], kind: ir.Kind) -> ir.Rule:
    return expand_workloads(bind_parameters(rule.it), kind)


@lru_cache(maxsize=1024)
def _compiled(rule: _ByIdentity[ir.Rule], kind: ir.Kind) -> Compiled:
    return compile_rules([rule.it], kind)


@dataclass(frozen=True, slots=True, eq=False)
class _ByIdentity(Generic[T]):
    it: T

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


def kind_of(rule: ir.Rule, manifest: JsonMap) -> ir.Kind | None:
    """The kind of the rule that the manifest is of, by its `apiVersion` and `kind`; None if the rule skips it."""
    api_version, name = manifest.get("apiVersion"), manifest.get("kind")
    return next((kind for kind in rule.kinds if kind.kind == name and kind.api_version == api_version), None)


def judge(rule: ir.Rule, manifest: JsonMap, old: Json = None, objects: JsonMap = NOTHING) -> Judgement:
    """What the rule, with its parameters' defaults, says of the manifest: of its creation if there is no old object.

    `objects` is the inventory of known objects.
    """
    kind = kind_of(rule, manifest)
    return SKIPPED if kind is None else _compiled(_ByIdentity(rule), kind)(manifest, old, objects)[0]


def judge_example(rule: ir.Rule, example: ir.Example) -> Judgement:
    """What the rule says of an example's object, where the example's other objects are known."""
    return _judged(_ByIdentity(rule), _ByIdentity(example))


@lru_cache(maxsize=4096)  # every target has a suite
def _judged(rule: _ByIdentity[ir.Rule], example: _ByIdentity[ir.Example]) -> Judgement:
    return judge(rule.it, example.it.object, objects=inventory(example.it.others))
