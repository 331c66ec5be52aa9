"""The editor stub of `cmpolicy.kinds`: a class per type, a typed attribute per field."""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword
from typing import assert_never

from cmpolicy.fields.index import FieldType, Index, ListOf, MapOf, ObjectType, Scalar, parse

_HEADER = '''"""The types of Kubernetes objects, as rules see them. Made by `cmpolicy.fields.generate`; do not edit.

Fields whose names Python reserves are left out: write `rule["from"]`.
"""

from cmpolicy.dsl.expressions import Boolean, Integer, IntOrString, Number, Quantity, String, Value
from cmpolicy.dsl.structures import List, Map, Object
'''
_EXPRESSIONS = {
    Scalar.STRING: "String",
    Scalar.INTEGER: "Integer",
    Scalar.NUMBER: "Number",
    Scalar.BOOLEAN: "Boolean",
    Scalar.QUANTITY: "Quantity",
    Scalar.INT_OR_STRING: "IntOrString",
    Scalar.ANY: "Value",
}


def stub(index: Index) -> str:
    """The whole stub file."""
    return "\n\n".join([_HEADER.rstrip(), *("\n".join(_class(index, name)) for name in sorted(index.types))]) + "\n"


def _class(index: Index, name: str) -> Iterator[str]:
    yield f"class {name}(Object):"
    if name in index.kinds:
        yield f'    """`{index.kinds[name].api_version}`"""'
    fields = [field for field in index.types[name] if field.isidentifier() and not iskeyword(field)]
    for field in fields:
        yield f"    {field}: {annotation(parse(index.types[name][field]).type)}"
    if not fields:
        yield "    ..."


def annotation(type_: FieldType) -> str:
    """The expression class that stands for fields of this type."""
    match type_:
        case Scalar():
            return _EXPRESSIONS[type_]
        case ListOf(item):
            return f"List[{annotation(item)}]"
        case MapOf(value):
            return f"Map[{annotation(value)}]"
        case ObjectType(name):
            return name
        case _:
            assert_never(type_)
