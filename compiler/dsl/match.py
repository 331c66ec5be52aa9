"""Which objects a rule looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any, TypeAlias

from cmpolicy import ir
from cmpolicy.dsl.conditions import Condition, all_of, any_of, none_of
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.refusals import Traced, shown
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
        for predicate in predicates:
            check_predicate(predicate)
        return replace(self, predicates=(*self.predicates, *predicates))

    def excluding(self, *predicates: Predicate) -> Match:
        """No objects for which one of these holds."""
        for predicate in predicates:
            check_predicate(predicate)
        return self.where(*((lambda obj, p=predicate: none_of(p(obj))) for predicate in predicates))

    def on(self, *operations: str) -> Match:
        """Only on these operations: `CREATE`, `UPDATE`. Without a request, as in `check`, an object counts as created."""
        known = [operation.value for operation in ON_WRITE]
        if not operations or not all(operation in known for operation in operations):
            found = ", ".join(map(_operation, operations)) or "none"
            raise author_error("match", f"no operations that a rule can be about: {found}", f"name some of {known}")
        return replace(self, operations=tuple(each for each in ON_WRITE if each in operations))


def _operation(given: object) -> str:
    return f"`{given}`" if isinstance(given, str) else shown(given)


def check_predicate(predicate: object) -> None:
    """An author error for what cannot be asked about an object."""
    remedy = "give a function of the object, such as `labeled({...})` or `lambda obj: ...`"
    if isinstance(predicate, Traced) or not callable(predicate):
        raise author_error("match", f"an object is not chosen by {shown(predicate)}", remedy)
    try:
        signature(predicate).bind(None)
    except (TypeError, ValueError):
        raise author_error("match", f"{shown(predicate)} is not about one object", remedy) from None


def match(*kinds: type[Object]) -> Match:
    """Objects of these kinds, each with pods of its own or none; a Namespace is matched by itself."""
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, Object)):
            raise author_error("match", f"a rule matches kinds, not {shown(kind)}", "write `match(Deployment)`")
    names = [kind.__name__ for kind in kinds]
    if untyped := [kind.__name__ for kind in kinds if kind.kind_ is None]:
        raise author_error(
            "match", f"`{untyped[0]}` is no kind: no manifest is one by itself", "match the kind around it"
        )
    if len(set(names)) < len(names) or ("Namespace" in names and len(names) > 1):
        raise author_error("match", "a kind stands twice, or a Namespace beside other kinds", "write a rule for each")
    return Match(kinds)


def in_namespaces(namespaces: Sequence[str]) -> Predicate:
    """Objects in one of these namespaces; of cluster-scoped kinds none."""
    return lambda obj: namespace(obj).is_in(namespaces)


def in_namespaces_like(*patterns: str) -> Predicate:
    """Objects whose namespace matches one of these wildcards."""
    return lambda obj: any_of(*(namespace(obj).glob(pattern) for pattern in patterns))


def labeled(labels: Mapping[str, str]) -> Predicate:
    """Objects that carry all these labels."""
    if not isinstance(labels, Mapping):
        raise author_error("match", f"labels are a map, not {shown(labels)}", 'write `labeled({"app": "shop"})`')
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
