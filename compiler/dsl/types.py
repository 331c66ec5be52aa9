"""From the field index to expression classes: which class stands for a field, and what an unknown field is told."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias, assert_never

from cmpolicy import ir
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.expressions import Boolean, Integer, IntOrString, Number, Quantity, String, Value
from cmpolicy.dsl.structures import List, Map, Object
from cmpolicy.dsl.workloads import AnyObject
from cmpolicy.fields import index
from cmpolicy.fields.index import FieldType, ListOf, MapOf, ObjectType, Scalar

AnyExpression: TypeAlias = Any
"""An expression whose class only the index knows; editors read it from the stub of `cmpolicy.kinds`."""

_SCALARS: dict[Scalar, type[Value]] = {
    Scalar.STRING: String,
    Scalar.INTEGER: Integer,
    Scalar.NUMBER: Number,
    Scalar.BOOLEAN: Boolean,
    Scalar.QUANTITY: Quantity,
    Scalar.INT_OR_STRING: IntOrString,
    Scalar.ANY: Value,
}
_COMMON: dict[str, FieldType] = {
    "apiVersion": Scalar.STRING,
    "kind": Scalar.STRING,
    "metadata": ObjectType("ObjectMeta"),
}


@cache
def object_class(name: str) -> type[Object]:
    """The class of objects of a type of the index. Raises `KeyError` for an unknown type."""
    kind = index.load().kinds.get(name)
    index.fields(name)
    attributes = {"__slots__": (), "type_name": name, "kind_": kind, "described": name}
    return type(name, (Object,), attributes)


def named_class(name: str) -> type[Object]:
    """The class of a type that an author names; an author error for an unknown one."""
    if name.startswith("__"):
        raise AttributeError(name)
    try:
        return object_class(name)
    except KeyError:
        close = index.suggest(name, index.load().types)
        remedy = f"did you mean `{close}`?" if close else "`cmpolicy.kinds` has the stable kinds and their types"
        raise author_error("kind", f"Kubernetes has no type `{name}`", remedy) from None


def typed_object(name: str, node: ir.Value) -> AnyExpression:
    """The expression of this type for a value."""
    return object_class(name)(node)


def expression_of(node: ir.Value, type_: FieldType) -> AnyExpression:
    """The expression of a field of this type."""
    match type_:
        case Scalar():
            return _SCALARS[type_](node)
        case ListOf(item):
            return List(ir.Elems(node), lambda element: expression_of(element, item))
        case MapOf(value):
            return Map(node, lambda inner: expression_of(inner, value))
        case ObjectType(name):
            return typed_object(name, node)
        case _:
            assert_never(type_)


@cache
def common_class(names: tuple[str, ...]) -> type[AnyObject]:
    """The class of objects of one of these types: its fields are those that all of them have, of one type."""
    return type("AnyObject", (AnyObject,), {"__slots__": (), "type_names": names})


@cache
def fields_of(type_name: str) -> dict[str, FieldType]:
    """The types of the fields of a type of the index."""
    return {name: field.type for name, field in index.fields(type_name).items()}


@cache
def _common_fields(names: tuple[str, ...]) -> dict[str, FieldType]:
    first, *others = (fields_of(name) for name in names)
    return {name: type_ for name, type_ in first.items() if all(other.get(name) == type_ for other in others)}


def _fields(obj: Object) -> dict[str, FieldType]:
    if obj.type_name:
        return fields_of(obj.type_name)
    return _common_fields(obj.type_names) if obj.type_names else _COMMON


def field_of(obj: Object, name: str) -> AnyExpression:
    """A field of an object; an author error if its type has no such field."""
    if obj.described == "workload" and name in ("pod", "pod_metadata"):
        return typed_object("PodSpec", ir.PodSpec()) if name == "pod" else typed_object("ObjectMeta", ir.PodMeta())
    known = _fields(obj)
    if name in known:
        return expression_of(ir.Get(obj._node, name), known[name])
    close = index.suggest(name, known)
    remedy = f"did you mean `{close}`?" if close else "it has " + ", ".join(f"`{each}`" for each in sorted(known))
    raise author_error("field", f"`{obj.described}` has no field `{name}`", remedy, width=len(name))
