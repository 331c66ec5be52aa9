"""Relations between objects: the other objects that a rule looks up, and label selectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from cmpolicy import ir
from cmpolicy.dsl.conditions import Condition, any_of
from cmpolicy.dsl.errors import author_error
from cmpolicy.dsl.expressions import String
from cmpolicy.dsl.refusals import shown
from cmpolicy.dsl.structures import List, Map, Object
from cmpolicy.dsl.workloads import Workload
from cmpolicy.evaluate.known import DEFAULT_NAMESPACE
from cmpolicy.passes.expand_workloads import pod_path
from cmpolicy.passes.tree import walk
from cmpolicy.values import JsonMap

if TYPE_CHECKING:
    from cmpolicy.kinds import LabelSelector, LabelSelectorRequirement

T = TypeVar("T", bound=Object)


def known(kind: type[T], *, namespace: String | None = None) -> List[T]:
    """The known objects of a kind, in the namespace of this name or, without one, everywhere.

    Known is what stands in the cluster, or among the manifests that are checked. An object that is not there yet is not
    known, so a rule says what it means that nothing is found. The object under review may be among them: `others`
    leaves it out.
    """
    if kind.kind_ is None:
        raise author_error("match", f"`{kind.__name__}` is no kind", "look up the kind around it")
    if namespace is None:
        return List(ir.Elems(ir.Known(kind.kind_)), kind)
    if not kind.kind_.namespaced:
        raise author_error("match", f"a {kind.__name__} is in no namespace", "leave `namespace` out")
    if any(isinstance(node, ir.Var) for node in walk(namespace._node)):
        raise author_error("lambda", "what is looked up cannot depend on an element", "look up all and filter")
    return List(ir.Elems(ir.Known(kind.kind_, namespace._node)), kind)


def others(kind: type[T], beside: Object) -> List[T]:
    """The known objects of a kind in the namespace of the object under review, but not that object itself.

    Of a Namespace: those in it.
    """
    found = known(kind, namespace=_home(beside))
    assert kind.kind_ is not None
    if beside.kind_ is not None:
        return found.where(lambda other: _has_other_name(other, beside)) if beside.kind_ == kind.kind_ else found
    if isinstance(beside, Workload) and pod_path(kind.kind_) is None:
        return found
    is_kind = Condition(ir.Eq(ir.Get(beside._node, "kind"), ir.Const(kind.kind_.kind)))
    return found.where(lambda other: ~is_kind | _has_other_name(other, beside))


def _has_other_name(other: Object, beside: Object) -> Condition:
    return _metadata(other, "name") != _metadata(beside, "name")


def _home(obj: Object) -> String:
    """The namespace of an object under review."""
    if obj._node != ir.Obj():
        raise author_error("operator", "objects are looked up beside the object under review only")
    if obj.kind_ is not None and obj.kind_.kind == "Namespace":
        return _metadata(obj, "name")
    return _metadata(obj, "namespace").default(DEFAULT_NAMESPACE)


def _metadata(obj: Object, field: str) -> String:
    return String(ir.Get(ir.Get(obj._node, "metadata"), field))


def selects(selector: LabelSelector, labels: Map[String] | Mapping[str, str | String]) -> Condition:
    """A label selector matches these labels: every pair of `matchLabels` and every requirement of `matchExpressions`.

    An empty selector matches everything, one that is absent nothing. The labels are a map of a manifest, or some that
    the rule itself brings: `{"k8s-app": "kube-dns"}`, values of which may be parameters.
    """
    pairs = selector.matchLabels.all(lambda key, value: _any_label(labels, lambda k, v: (key == k) & (value == v)))
    return selector.exists() & pairs & selector.matchExpressions.all(lambda each: _meets(each, labels))


def _any_label(
    labels: Map[String] | Mapping[str, str | String],
    satisfies: Callable[[str | String, str | String], Condition],
) -> Condition:
    if isinstance(labels, Map):
        return labels.any(satisfies)
    if not isinstance(labels, Mapping):
        raise author_error("type", f"labels are a map, not {shown(labels)}", 'write `{"app": "shop"}`')
    return any_of(*(satisfies(key, value) for key, value in labels.items()))


def _meets(requirement: LabelSelectorRequirement, labels: Map[String] | Mapping[str, str | String]) -> Condition:
    key, operator, values = requirement.key, requirement.operator, requirement.values
    there = _any_label(labels, lambda k, v: key == k)
    listed = _any_label(labels, lambda k, v: (key == k) & values.any(lambda value: value == v))
    return any_of(
        (operator == "In") & listed,
        (operator == "NotIn") & ~listed,
        (operator == "Exists") & there,
        (operator == "DoesNotExist") & ~there,
    )


def where_known(obj: JsonMap, *others: JsonMap) -> ir.Example:
    """An example: this object, where these others are known, each of its own kind, namespace or name."""
    identities = [_identity(other) for other in others]
    if twice := [each for each in identities if identities.count(each) > 1]:
        raise author_error("example", f"two known objects are both {twice[0]}", "give one of them another name")
    return ir.Example(obj, others)


def _identity(obj: JsonMap) -> str:
    metadata = obj.get("metadata")
    parts = [metadata.get(key) for key in ("namespace", "name")] if isinstance(metadata, Mapping) else []
    return f"{obj.get('kind')} " + "/".join(str(part) for part in parts if part)
