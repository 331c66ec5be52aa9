"""What a value can be by the node that it is, whatever the object."""

from __future__ import annotations

from typing import assert_never

from cmpolicy import ir
from cmpolicy.diff.formula import key
from cmpolicy.diff.regions import ANY, Sort

_THERE = ANY - {Sort.NULL}
_KEY = key(0)[:1]


def domain(value: ir.Value) -> frozenset[Sort]:
    """The sorts that the value can be of. Variables have their canonical names."""
    match value:
        case ir.Obj():
            return frozenset({Sort.MAP})
        case ir.Old():
            return frozenset({Sort.NULL, Sort.MAP})
        case ir.Var(name):
            return frozenset({Sort.TEXT}) if name.startswith(_KEY) else _THERE
        case ir.Known():
            return frozenset({Sort.LIST})
        case ir.Count():
            return frozenset({Sort.WHOLE})
        case ir.Len() | ir.Percent() | ir.UrlPort() | ir.Seconds():
            return frozenset({Sort.NULL, Sort.WHOLE})
        case ir.Scaled():
            return frozenset({Sort.NULL, Sort.WHOLE, Sort.HUGE})
        case ir.Flag():
            return frozenset({Sort.NULL, Sort.TEXT})
        case ir.Const() | ir.Param() | ir.PodSpec() | ir.PodMeta() | ir.Get() | ir.Default():
            return ANY
        case _:
            assert_never(value)


def is_natural(value: ir.Value) -> bool:
    """Whether the value, if it is a number, is an integer from 0 on."""
    return isinstance(value, ir.Count | ir.Len | ir.Percent | ir.UrlPort | ir.Seconds)


def needed_below(value: ir.Value) -> tuple[ir.Value, frozenset[Sort]] | None:
    """The value inside this one, and the sorts that it must be of for this one not to be null; None if it needs none."""
    match value:
        case ir.Get(base, _):
            return base, frozenset({Sort.MAP})
        case ir.Percent(inner) | ir.UrlPort(inner) | ir.Seconds(inner):
            return inner, frozenset({Sort.TEXT})
        case ir.Len(inner):
            return inner, frozenset({Sort.TEXT, Sort.LIST, Sort.MAP})
        case ir.Scaled(inner, _, _):
            return inner, frozenset({Sort.WHOLE, Sort.HUGE, Sort.TEXT})
        case _:
            return None
