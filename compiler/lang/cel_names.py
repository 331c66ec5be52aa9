"""Names in emitted CEL: variables named after what they hold, and local names that shadow nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import assert_never

from cmpolicy import ir
from cmpolicy.lang.cel_syntax import RESERVED_WORDS
from cmpolicy.lang.scopes import bound_variables
from cmpolicy.passes.expand_workloads import common_pod_path, get_path, pod_path
from cmpolicy.passes.fold_kind import KIND

_TYPES = "bool bytes double dyn int list map null_type string timestamp duration type uint"
_ROOTS = "object oldObject request params authorizer namespaceObject anyObject variables resource google kubernetes kyverno net"
_RESERVED = RESERVED_WORDS | frozenset(f"{_TYPES} {_ROOTS}".split())
_RESERVED_PREFIX = "gatekeeper_internal_"

_METADATA = ir.Get(ir.Obj(), "metadata")
OWN_NAMES = frozenset(
    {
        ir.Get(ir.Obj(), "apiVersion"),
        KIND,
        ir.Get(_METADATA, "name"),
        ir.Get(_METADATA, "namespace"),
    }
)
"""What an API server takes strings for only, which spares an engine that compiles CEL on each request half of it."""


def unique(hint: str, taken: Container[str]) -> str:
    """The hint made an identifier that is not reserved and not taken: `in  ->  in_2`.

    It has no two underscores in a row: the API server takes them for an escape in the name of a variable, and finds none.
    """
    stem = re.sub(r"[\W_]+", "_", hint, flags=re.ASCII).strip("_") or "value"
    if stem[0].isdigit() or stem.startswith(_RESERVED_PREFIX):
        stem = f"v_{stem}"
    name, number = stem, 1
    while name in taken or name in _RESERVED:
        number += 1
        name = f"{stem}_{number}"
    return name


@dataclass(frozen=True, slots=True)
class PathNames:
    """Names for what values hold; `known` are those that do not follow from the path."""

    known: Mapping[ir.Value, str]

    def of(self, value: ir.Value) -> str:
        """`Get(Get(Obj(), "spec"), "replicas")  ->  spec_replicas`; empty for what says nothing."""
        match value:
            case _ if value in self.known:
                return self.known[value]
            case ir.PodSpec():
                return "podSpec"
            case ir.PodMeta():
                return "podMetadata"
            case ir.Obj():
                return "manifest"
            case ir.Old():
                return "old"
            case ir.Known(kind, _):
                return kind.plural
            case ir.Get(ir.Obj(), key):
                return key_name(key)
            case ir.Get(base, key):
                return "_".join(filter(None, (self.of(base), key_name(key))))
            case ir.Default(inner, _):
                return f"{self.of(inner)}_or_default"
            case ir.Percent(inner):
                return f"{self.of(inner)}_percent"
            case ir.Scaled(inner, _, _):
                return f"{self.of(inner)}_scaled"
            case ir.UrlPort(inner):
                return f"{self.of(inner)}_port"
            case ir.Seconds(inner):
                return f"{self.of(inner)}_seconds"
            case ir.Len(inner):
                return f"{self.of(inner)}_length"
            case ir.Count(items, _, _):
                return f"{self.of_items(items)}_count"
            case ir.Flag(_, name, _):
                return f"flag_{name}"
            case ir.Param(name):
                return name
            case ir.Const() | ir.Var():
                return ""
            case _:
                assert_never(value)

    def of_items(self, items: ir.Items) -> str:
        """A name for a list: the last key of its path, or those of its parts."""
        match items:
            case ir.Elems(ir.Get(_, key)):
                return key_name(key)
            case ir.Elems(value):
                return self.of(value)
            case ir.Concat(parts):
                return "_".join(map(self.of_items, parts))


def key_name(key: str | ir.Param) -> str:
    """The part of a key that tells it apart: `app.kubernetes.io/component  ->  component`."""
    return key.name if isinstance(key, ir.Param) else key.rpartition("/")[2]


def local_names(rule: ir.Rule, taken: set[str]) -> dict[str, str]:
    """A local name for each variable that the rule's quantifiers bind; all are added to `taken`."""
    names = {}
    for bound in bound_variables(rule):
        names[bound] = unique(bound, taken)
        taken.add(names[bound])
    return names


def pod_names(kinds: tuple[ir.Kind, ...]) -> dict[ir.Value, str]:
    """Where the pod of a workload is on one path, its parts are called as they are where there are several."""
    path = common_pod_path(kinds)
    names = {"spec": "podSpec", "metadata": "podMetadata"}
    return {get_path(ir.Obj(), (*path, part)): name for part, name in names.items()} if path else {}


def kinds_by_pod_path(kinds: tuple[ir.Kind, ...]) -> dict[tuple[str, ...], list[str]]:
    """The names of the kinds that carry a pod, by where it is in them."""
    found: dict[tuple[str, ...], list[str]] = {}
    for kind in kinds:
        if (path := pod_path(kind)) is not None and kind.kind not in found.setdefault(path, []):
            found[path].append(kind.kind)
    return found
