"""Parameters: values that a build may override."""

from __future__ import annotations

from typing import TypeVar, cast

from cmpolicy import ir
from cmpolicy.dsl.conditions import Condition
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.expressions import Boolean, Integer, Number, Options, String, Value, exact

P = TypeVar("P", int, float, str, bool, list[str], list[int])

_SCALARS: dict[type, tuple[ir.ParameterType, type[Value]]] = {
    bool: (ir.ParameterType.BOOLEAN, Boolean),
    int: (ir.ParameterType.INTEGER, Integer),
    float: (ir.ParameterType.NUMBER, Number),
    str: (ir.ParameterType.STRING, String),
}


def parameter(name: str, default: P, description: str) -> P:
    """A parameter that several rules share, such as the namespaces of a pack's matchers. Use it like a constant."""
    return cast(P, expression(name, default, description))


def given(parameter: bool | int | str | Boolean | Integer | String, value: bool | int | str = True) -> Condition:
    """A parameter as a condition: true where it is set to true, or to this value."""
    if isinstance(parameter, Boolean | Integer | String):
        return parameter == value  # type: ignore[return-value]
    return Condition(ir.Bool(type(parameter) is type(value) and parameter == value))


def expression(name: str, default: object, description: str) -> Value | Options:
    """The expression of a parameter, typed by its default."""
    if isinstance(default, list | tuple):
        return Options(ir.Param(name, _list_type(name, default), tuple(default), description))
    if type(default) not in _SCALARS:
        raise author_error("parameter", f"`{name}` has no default to take its type from", "give a constant default")
    type_, wrap = _SCALARS[type(default)]
    assert isinstance(default, bool | int | float | str)
    return wrap(ir.Param(name, type_, exact(default), description))


def _list_type(name: str, default: list[object] | tuple[object, ...]) -> ir.ParameterType:
    if not default:
        raise author_error("parameter", f"`{name}` is empty, so its elements have no type", "give it an element")
    if all(isinstance(element, str) for element in default):
        return ir.ParameterType.STRINGS
    if all(type(element) is int for element in default):
        return ir.ParameterType.INTEGERS
    raise author_error("parameter", f"the elements of `{name}` are neither all str nor all int")
