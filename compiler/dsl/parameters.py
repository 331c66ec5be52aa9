"""Parameters: values that a build may override."""

from __future__ import annotations

from inspect import Parameter
from typing import TypeVar, cast

from cmpolicy import ir
from cmpolicy.dsl.conditions import Condition
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.expressions import Boolean, Integer, Number, Options, String, Value, exact
from cmpolicy.dsl.refusals import shown

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


def given(parameter: bool | Boolean) -> Condition:
    """A boolean parameter as a condition: true where it is set to true."""
    traced: object = parameter
    match traced:
        case Boolean():
            return traced.is_true()
        case bool():
            return Condition(ir.Bool(traced))
        case _:
            remedy = "give a parameter whose default is `True` or `False`"
            raise author_error("type", f"a boolean parameter is needed here, not {shown(traced)}", remedy)


def expression(name: str, default: object, description: str) -> Value | Options:
    """The expression of a parameter, typed by its default."""
    if not isinstance(name, str) or not name.isidentifier():
        remedy = "use letters, digits and underscores"
        raise author_error("parameter", f"a parameter is not named {shown(name)}", remedy)
    if isinstance(default, list | tuple):
        return Options(ir.Param(name, _list_type(name, default), tuple(default), description))
    if type(default) not in _SCALARS:
        what = (
            "no default"
            if default is Parameter.empty
            else f"{shown(default)} as its default, which is no type of parameter"
        )
        remedy = "give a number, a string, `True`, `False`, or a list of strings or whole numbers"
        raise author_error("parameter", f"`{name}` has {what}", remedy)
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
    remedy = "give a list of strings or one of whole numbers"
    raise author_error("parameter", f"the elements of `{name}` are neither all str nor all int", remedy)
