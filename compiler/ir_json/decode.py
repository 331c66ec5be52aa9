"""JSON to rules. The JSON may come from anywhere: whatever is wrong with it is a `DecodeError` that names the part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar, cast

from cmpolicy import ir
from cmpolicy.ir_json.decode_about import decode_about
from cmpolicy.ir_json.read import DecodeError, each, field, member, shortly, text, texts
from cmpolicy.passes.tree import free_variables
from cmpolicy.regex import problem
from cmpolicy.values import Json

__all__ = ["DecodeError", "decode_rule"]

WordT = TypeVar("WordT", bound=StrEnum)
_SHAPES: Mapping[ir.ParameterType, tuple[type, ...]] = {
    ir.ParameterType.INTEGER: (int,),
    ir.ParameterType.NUMBER: (int, float),
    ir.ParameterType.STRING: (str,),
    ir.ParameterType.QUANTITY: (str,),
    ir.ParameterType.BOOLEAN: (bool,),
    ir.ParameterType.STRINGS: (str,),
    ir.ParameterType.INTEGERS: (int,),
}
_LISTS = (ir.ParameterType.STRINGS, ir.ParameterType.INTEGERS)


def decode_rule(raw: Json) -> ir.Rule:
    """The rule that `encode_rule` wrote. Raises `DecodeError`."""
    try:
        return _rule(raw)
    except RecursionError as error:
        raise DecodeError("it is nested too deeply") from error


def _rule(raw: Json) -> ir.Rule:
    parameters = tuple(_parameter(each) for each in each(raw, "parameters"))
    nodes = Nodes({parameter.name: parameter for parameter in parameters})
    rule = ir.Rule(
        id=text(raw, "id"),
        kinds=tuple(_kind(each) for each in each(raw, "kinds")),
        operations=tuple(member(ir.Operation, each) for each in texts(raw, "operations")),
        when=nodes.condition(field(raw, "when")),
        condition=nodes.condition(field(raw, "condition")),
        message=nodes.message(field(raw, "message")),
        parameters=parameters,
        about=decode_about(field(raw, "about"), nodes),
    )
    if unbound := free_variables(rule):
        raise DecodeError(f"no quantifier binds the variable `{min(unbound)}`")
    return rule


def _kind(raw: Json) -> ir.Kind:
    match raw:
        case [str(group), str(version), str(kind), str(plural), bool(namespaced)]:
            return ir.Kind(group, version, kind, plural, namespaced)
        case _:
            raise DecodeError(f"{shortly(raw)} is no kind")


def _parameter(raw: Json) -> ir.Param:
    name, type_ = text(raw, "name"), member(ir.ParameterType, text(raw, "type"))
    default = _constant(field(raw, "default"))
    parts = default if isinstance(default, tuple) else (default,)
    if isinstance(default, tuple) is not (type_ in _LISTS) or not all(_is_of(part, type_) for part in parts):
        raise DecodeError(f"the default of the parameter `{name}` is no {type_}")
    return ir.Param(name, type_, default, text(raw, "description"))


def _is_of(part: ir.Scalar, type_: ir.ParameterType) -> bool:
    return isinstance(part, _SHAPES[type_]) and isinstance(part, bool) is (type_ is ir.ParameterType.BOOLEAN)


def _constant(raw: Json) -> ir.Constant:
    match raw:
        case bool() | int() | float() | str():
            return raw
        case [*parts] if all(isinstance(part, bool | int | float | str) for part in parts):
            return tuple(cast("list[ir.Scalar]", parts))
        case _:
            raise DecodeError(f"{shortly(raw)} is no constant")


@dataclass(frozen=True, slots=True)
class Nodes:
    """Decodes the nodes of a rule with these parameters."""

    parameters: Mapping[str, ir.Param]

    def parameter(self, name: str) -> ir.Param:
        """The parameter of this name."""
        if name not in self.parameters:
            raise DecodeError(f"there is no parameter `{name}`")
        return self.parameters[name]

    def message(self, raw: Json) -> ir.Message:
        """The parts of a message."""
        match raw:
            case [*parts]:
                return tuple(part if isinstance(part, str) else self.value(part) for part in parts)
            case _:
                raise DecodeError(f"{shortly(raw)} is no message")

    def value(self, raw: Json) -> ir.Value:
        """A value."""
        match raw:
            case ["const", constant]:
                return ir.Const(_constant(constant))
            case ["param", str(name)]:
                return self.parameter(name)
            case ["obj"]:
                return ir.Obj()
            case ["old"]:
                return ir.Old()
            case ["known", kind, namespace]:
                return ir.Known(_kind(kind), None if namespace is None else self.value(namespace))
            case ["var", str(name)]:
                return ir.Var(name)
            case ["pod-spec"]:
                return ir.PodSpec()
            case ["pod-meta"]:
                return ir.PodMeta()
            case ["get", base, str(key)]:
                return ir.Get(self.value(base), key)
            case ["get", base, ["param", str(name)]]:
                return ir.Get(self.value(base), self.parameter(name))
            case ["default", value, fallback]:
                return ir.Default(self.value(value), self.value(fallback))
            case ["percent", value]:
                return ir.Percent(self.value(value))
            case ["scaled", value, total, bool(up)]:
                return ir.Scaled(self.value(value), self.value(total), up)
            case ["url-port", value]:
                return ir.UrlPort(self.value(value))
            case ["seconds", value]:
                return ir.Seconds(self.value(value))
            case ["len", value]:
                return ir.Len(self.value(value))
            case ["count", items, str(var), condition]:
                return ir.Count(self.items(items), var, self.condition(condition))
            case ["flag", items, str(name), bool(switch)]:
                return ir.Flag(self.items(items), name, switch)
            case _:
                raise DecodeError(f"{shortly(raw)} is no value that this cmpolicy knows")

    def fixed(self, raw: Json) -> ir.Const | ir.Param:
        """A constant or a parameter."""
        value = self.value(raw)
        if not isinstance(value, ir.Const | ir.Param):
            raise DecodeError(f"{shortly(raw)} is no constant")
        return value

    def items(self, raw: Json) -> ir.Items:
        """A list expression."""
        match raw:
            case ["elems", value]:
                return ir.Elems(self.value(value))
            case ["concat", *parts]:
                return ir.Concat(tuple(self.items(part) for part in parts))
            case _:
                raise DecodeError(f"{shortly(raw)} is no list that this cmpolicy knows")

    def condition(self, raw: Json) -> ir.Condition:
        """A condition."""
        match raw:
            case ["bool", bool(truth)]:
                return ir.Bool(truth)
            case ["and", *items]:
                return ir.And(tuple(self.condition(item) for item in items))
            case ["or", *items]:
                return ir.Or(tuple(self.condition(item) for item in items))
            case ["not", item]:
                return ir.Not(self.condition(item))
            case ["exists", value]:
                return ir.Exists(self.value(value))
            case ["is-type", value, str(type_)]:
                return ir.IsType(self.value(value), member(ir.ValueType, type_))
            case ["eq", left, right]:
                return ir.Eq(self.value(left), self.value(right))
            case ["in", value, options]:
                return ir.In(self.value(value), self.fixed(options))
            case ["compare", str(order), left, right]:
                return ir.Compare(member(ir.Order, order), self.value(left), self.value(right))
            case ["compare-quantity", str(order), left, right]:
                return ir.CompareQuantity(member(ir.Order, order), self.value(left), self.value(right))
            case ["text", str(test), value, given]:
                return ir.Text(member(ir.TextTest, test), self.value(value), self.fixed(given))
            case ["matches", value, str(pattern)]:
                return ir.Matches(self.value(value), _pattern(pattern))
            case ["any", items, str(var), inner]:
                return ir.Any(self.items(items), var, self.condition(inner))
            case ["all", items, str(var), inner]:
                return ir.All(self.items(items), var, self.condition(inner))
            case ["any-entry", value, str(key), str(var), inner]:
                return ir.AnyEntry(self.value(value), key, var, self.condition(inner))
            case ["all-entry", value, str(key), str(var), inner]:
                return ir.AllEntry(self.value(value), key, var, self.condition(inner))
            case _:
                raise DecodeError(f"{shortly(raw)} is no condition that this cmpolicy knows")


def _pattern(pattern: str) -> str:
    if (wrong := problem(pattern)) is not None:
        raise DecodeError(f"the pattern `{pattern}`: {wrong}")
    return pattern
