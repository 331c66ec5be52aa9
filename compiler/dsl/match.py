"""Which objects a rule looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from cmpolicy import ir
from cmpolicy.dsl.conditions import Condition, all_of, any_of
from cmpolicy.dsl.structures import Object
from cmpolicy.dsl.workloads import AnyObject, namespace

Predicate: TypeAlias = Callable[[Any], Condition]
"""A test of an object of the matched kinds; authors annotate it with the kind they read."""

ON_WRITE = (ir.Operation.CREATE, ir.Operation.UPDATE)


@dataclass(frozen=True, slots=True)
class Match:
    """Objects of these kinds, on these operations, for which every predicate holds."""

    kinds: tuple[type[Object], ...]
    predicates: tuple[Predicate, ...] = ()
    operations: tuple[ir.Operation, ...] = ON_WRITE

    def where(self, *predicates: Predicate) -> Match:
        """Only objects for which these hold too."""
        return replace(self, predicates=(*self.predicates, *predicates))

    def excluding(self, *predicates: Predicate) -> Match:
        """No objects for which one of these holds."""
        return self.where(*((lambda obj, p=predicate: ~p(obj)) for predicate in predicates))

    def on(self, *operations: str) -> Match:
        """Only on these operations: `CREATE`, `UPDATE`, `DELETE`."""
        return replace(self, operations=tuple(ir.Operation(operation) for operation in operations))


def match(*kinds: type[Object]) -> Match:
    """Objects of these kinds."""
    return Match(kinds)


def in_namespaces(namespaces: Sequence[str]) -> Predicate:
    """Objects in one of these namespaces; of cluster-scoped kinds none."""
    return lambda obj: namespace(obj).is_in(namespaces)


def in_namespaces_like(*patterns: str) -> Predicate:
    """Objects whose namespace matches one of these wildcards."""
    return lambda obj: any_of(*(namespace(obj).glob(pattern) for pattern in patterns))


def labeled(labels: Mapping[str, str]) -> Predicate:
    """Objects that carry all these labels."""
    return lambda obj: all_of(*(obj.metadata.labels[key] == value for key, value in labels.items()))


def named(*names: str) -> Predicate:
    """Objects with one of these names."""
    return lambda obj: obj.metadata.name.is_in(names)


__all__ = [
    "ON_WRITE",
    "AnyObject",
    "Match",
    "Predicate",
    "in_namespaces",
    "in_namespaces_like",
    "labeled",
    "match",
    "named",
]
