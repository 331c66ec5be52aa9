"""Faults: slips that an author of the compiler might make, planted for the time of one printing.

A fault prints a rule wrongly while the reference judges the right one. It is caught if an engine refuses what is
printed, or answers otherwise than the reference on one of the objects that agreement is shown on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pkgutil import resolve_name
from typing import TypeAlias, TypeVar, cast

import pytest
from cmpolicy import ir
from cmpolicy.lang.cel_reads import Read
from cmpolicy.lang.cel_syntax import Cel, conjunction
from cmpolicy.lang.jmespath_syntax import Jmes
from cmpolicy.lang.jsonschema import NotExpressible
from cmpolicy.passes import normalize
from cmpolicy.passes.bind_parameters import set_parameters
from cmpolicy.passes.tree import map_rule
from cmpolicy.targets import load_target
from cmpolicy.targets.gatekeeper.template import template
from cmpolicy.targets.protocol import File, Options, packaged

from tests.engines.faults_constructs import DATREE_REGO, JSON_SCHEMA, Printing

Patch: TypeAlias = Callable[[pytest.MonkeyPatch], None]
"""A change of the compiler."""
Slip: TypeAlias = Callable[[ir.Rule], ir.Rule]
"""A rule to print in the place of the right one."""

NodeT = TypeVar("NodeT", bound=ir.Node)
PartT = TypeVar("PartT", bound=ir.Node)


@dataclass(frozen=True, slots=True)
class Fault:
    """A slip in printing a construct: `what` says what is printed instead, by a slip or by a patch."""

    construct: str
    printing: Printing
    what: str
    slip: Slip | None = None
    patch: Patch | None = None

    def __str__(self) -> str:
        return f"{self.construct} in {self.printing}: {self.what}"


def printed(rule: ir.Rule, printing: Printing, fault: Fault | None = None) -> tuple[File, ...]:
    """The files of the rule that the engine loads; none if it is not printed in this form.

    Gatekeeper's constraint gives parameters that are not the defaults of its template, so that it shows which count.
    """
    target = load_target(printing.way.target)
    with pytest.MonkeyPatch.context() as patch:
        if printing is DATREE_REGO:
            wanted = NotExpressible("is wanted in Rego")
            patch.setattr("cmpolicy.targets.datree.schema.print_separated", lambda *_: wanted)
        if printing.way.target == "gatekeeper":
            patch.setattr("cmpolicy.targets.gatekeeper.package.template", lambda rule: template(other_values(rule)))
        if fault is not None and fault.patch is not None:
            fault.patch(patch)
        wrong = fault.slip(rule) if fault is not None and fault.slip is not None else rule
        if target.gap(rule) is not None:
            return ()
        # A rule of its own: what was made of another is remembered by the rule.
        files = packaged(target, (replace(normalize(wrong)),), Options())
    loaded = tuple(file for file in files if not file.path.startswith("tests/"))
    is_rego = printing is JSON_SCHEMA and any("regoDefinition" in file.text for file in loaded)
    return () if is_rego else loaded


# Slips


def other_values(rule: ir.Rule, *types: ir.ParameterType) -> ir.Rule:
    """The rule with another value for each parameter, or each of these types."""
    wanted = types or tuple(ir.ParameterType)
    return set_parameters(rule, {p.name: _other(p.type, p.default) for p in rule.parameters if p.type in wanted})


def _other(type_: ir.ParameterType, value: ir.Constant) -> ir.Constant:
    match value:
        case bool():
            return not value
        case str():
            return "1n" if type_ is ir.ParameterType.QUANTITY else f"{value}x"
        case int() | float():
            return value + 1
        case _:
            return value[:-1]


def node(kind: type[NodeT], change: Callable[[NodeT], ir.Node]) -> Slip:
    """Every node of a class is printed as another."""

    def instead(part: PartT) -> PartT:
        return cast(PartT, change(part)) if isinstance(part, kind) else part

    def of_value(value: ir.Value) -> ir.Value:
        match value:
            case ir.Count() | ir.Flag():
                return instead(replace(value, items=_deep(value.items, instead)))
            case _:
                return instead(value)

    def of_condition(condition: ir.Condition) -> ir.Condition:
        match condition:
            case ir.Any() | ir.All():
                return instead(replace(condition, items=_deep(condition.items, instead)))
            case _:
                return instead(condition)

    return lambda rule: map_rule(rule, of_value, of_condition)


def _deep(items: ir.Items, change: Callable[[ir.Items], ir.Items]) -> ir.Items:
    return change(
        ir.Concat(tuple(_deep(part, change) for part in items.parts)) if isinstance(items, ir.Concat) else items
    )


# Changes of what a function of the compiler gives

Change: TypeAlias = Callable[[object], object]


def edit(function: str, change: Change) -> Patch:
    """The function, by its dotted name, gives something else; where it is called by that name."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        original = resolve_name(function)
        patch.setattr(function, lambda *given, **named: change(original(*given, **named)))

    return plant


def without(dictionary: str, key: object) -> Patch:
    """The dictionary lacks an entry."""
    return lambda patch: patch.delitem(resolve_name(dictionary), key)


def swap(old: str, new: str) -> Change:
    """The pattern is replaced in every text: of CEL, JMESPath, Rego, a schema, or a tuple or mapping of those."""
    pattern = re.compile(old, re.DOTALL)
    return lambda made: _swapped(made, lambda text: pattern.sub(new, text))


def _swapped(made: object, of_text: Callable[[str], str]) -> object:
    match made:
        case str():
            return of_text(made)
        case Cel():
            return _swapped_cel(made, of_text)
        case Jmes():
            text = of_text(made.text)
            return made if text == made.text else replace(made, text=text, opposite="")
        case Read():
            value, *guards = (_swapped_cel(part, of_text) for part in (made.value, *made.guards))
            return replace(made, value=value, guards=tuple(guards))
        case tuple() | list():
            return type(made)(_swapped(part, of_text) for part in made)
        case Mapping():
            return json.loads(of_text(json.dumps(made)))
        case _:
            return made


def _swapped_cel(made: Cel, of_text: Callable[[str], str]) -> Cel:
    """Unchanged if the text is: else without its operands, of which a conjunction would be made again."""
    text = of_text(made.text)
    return made if text == made.text else Cel(text, made.binds)


def unguarded(text: str) -> Change:
    """Guards, and what a conjunction asks, are dropped if they contain the text."""
    return lambda made: _unguarded(made, text)


def _unguarded(made: object, text: str) -> object:
    match made:
        case Cel() if made.operands:
            return conjunction(_kept(made.operands, text))
        case Cel():
            return made
        case Read():
            return replace(made, guards=tuple(_kept(made.guards, text)))
        case tuple() if all(isinstance(part, Cel) for part in made):
            return tuple(_kept(made, text))
        case tuple():
            return tuple(_unguarded(part, text) for part in made)
        case _:
            return made


def _kept(parts: Iterable[Cel], text: str) -> Iterator[Cel]:
    return (part for part in parts if text not in part.text)


def helper(name: str, old: str, new: str) -> Patch:
    """A helper of printed Rego reads otherwise: the text, which must be there once, is another."""

    def change(helpers: object) -> object:
        assert isinstance(helpers, dict)
        assert helpers[name].count(old) == 1, f"`{old}` is {helpers[name].count(old)} times in {name}"
        return {**helpers, name: helpers[name].replace(old, new)}

    return edit("cmpolicy.lang.rego_library._helpers", change)
