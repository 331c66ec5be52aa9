"""Conditions as authors combine them."""

from __future__ import annotations

from types import GeneratorType, MethodType
from typing import TYPE_CHECKING, NoReturn

from cmpolicy import ir
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.refusals import Traced, shown

_TRUTH_REMEDY = "combine with `a & b`, `a | b`, `~a`, `a.implies(b)`, `all_of(a, b)` or `any_of(a, b)`"


class Condition(Traced):
    """True or false of an object, known only when one is judged. Combine with `&`, `|`, `~`."""

    __slots__ = ("_node",)
    described = "condition"
    instead = _TRUTH_REMEDY

    def __init__(self, node: ir.Condition) -> None:
        self._node = node

    def __and__(self, other: Condition) -> Condition:
        return Condition(ir.And((self._node, condition_node(other))))

    def __or__(self, other: Condition) -> Condition:
        return Condition(ir.Or((self._node, condition_node(other))))

    def __invert__(self) -> Condition:
        return Condition(ir.Not(self._node))

    def implies(self, other: Condition) -> Condition:
        """`other` holds wherever this does: `~self | other`."""
        return ~self | other

    if not TYPE_CHECKING:

        def __bool__(self) -> NoReturn:
            raise author_error("truth", "Python decides this before the compiler sees it", _TRUTH_REMEDY)

        def _after_constant(self, other: object) -> NoReturn:
            remedy = "`&` and `|` bind tighter than comparisons: write `(a >= 1) & (b >= 2)`"
            raise author_error("operator", f"{shown(other)} is no condition", remedy)

        __rand__ = __ror__ = _after_constant


def condition_node(condition: object) -> ir.Condition:
    """The IR of a condition; an author error for anything else."""
    if isinstance(condition, Condition):
        return condition._node
    if isinstance(condition, bool):
        return ir.Bool(condition)
    raise author_error("condition", f"a condition is needed here, not {_described(condition)}", _remedy(condition))


def _described(found: object) -> str:
    return f"the {found.described}" if isinstance(found, Traced) else shown(found)


def _remedy(found: object) -> str:
    from cmpolicy.dsl.expressions import Boolean, Value

    if isinstance(found, MethodType):
        return f"call it: `.{found.__name__}()`"
    if isinstance(found, GeneratorType):
        return "put `*` before it, or use `.all(lambda x: ...)`; a rule returns, and does not yield"
    if found is None:
        return "end every way through the function with `return` and a condition"

    if isinstance(found, Boolean):
        return "ask `.is_true()` or `.is_false()`"
    if isinstance(found, list | tuple | set):
        return "write the conditions without brackets around them"
    return "compare it, or ask `.exists()`" if isinstance(found, Value) else "return a comparison"


def all_of(*conditions: Condition) -> Condition:
    """Every condition holds; true without any."""
    return Condition(ir.And(tuple(condition_node(condition) for condition in conditions)))


def any_of(*conditions: Condition) -> Condition:
    """Some condition holds; false without any."""
    return Condition(ir.Or(tuple(condition_node(condition) for condition in conditions)))


def none_of(*conditions: Condition) -> Condition:
    """No condition holds; true without any."""
    return ~any_of(*conditions)
