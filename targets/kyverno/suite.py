"""The suite for `kyverno test`: a folder with a test for each example.

Kyverno tells the objects of a test apart by kind, namespace and name alone, so examples that share them need a test each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge_example
from cmpolicy.fields.index import is_custom
from cmpolicy.once import once
from cmpolicy.passes.tree import known_kinds, walk_rule
from cmpolicy.targets.examples import example_text
from cmpolicy.targets.kyverno.crds import cluster, custom, definition
from cmpolicy.targets.protocol import File
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

Others: TypeAlias = tuple[JsonMap, ...]
"""Other objects than the one that is judged."""

_DEFAULT_NAMESPACE = "default"
_CLUSTER, _DEFINITION = "cluster.yaml", "crd.yaml"


@dataclass(frozen=True, slots=True)
class Supply:
    """How a test gives Kyverno other objects: in a file, whose name stands in a field of the test.

    What policies then see of the objects is `listed`.
    """

    file: str
    field: str
    document: Callable[[ir.Rule, Others], JsonMap]
    listed: Callable[[ir.Rule, Others], Others]
    has_custom: bool
    """Whether it can be given objects of CRDs."""


def suite(rule: ir.Rule, policy_fields: JsonMap, supply: Supply, *, defines: bool = False) -> Iterator[File]:
    """A test of every example; `policy_fields` says in each result what kind of policy it is about.

    None of a rule that looks up objects which cannot be given. With `defines`, kinds that are not Kubernetes' own are
    defined: it judges none by the API server's policies else.
    """
    kinds, defined_kinds = known_kinds(rule), custom(rule) if defines else ()
    given = examples(rule) if supply.has_custom or not looks_up_custom(rule) else ()
    for name, example in given:
        folder = f"tests/{rule.id}/{name}"
        defined = [kind for kind in defined_kinds if kind.kind == example.object["kind"]]
        fields: JsonMap = {
            **({supply.field: supply.file} if kinds else {}),
            **({"clusterResources": [_CLUSTER]} if defined else {}),
        }
        test = _test(rule, name, _as_known(rule, example, supply), policy_fields, fields)
        yield File(f"{folder}/kyverno-test.yaml", dump(test), rule.id)
        yield File(f"{folder}/resource.yaml", example_text(example.object), rule.id)
        if kinds:
            yield File(f"{folder}/{supply.file}", dump(supply.document(rule, example.others)), rule.id)
        for kind in defined:
            namespace = str(_metadata(example.object).get("namespace") or _DEFAULT_NAMESPACE)
            yield File(f"{folder}/{_CLUSTER}", dump(cluster(namespace, _DEFINITION)), rule.id)
            yield File(f"{folder}/{_DEFINITION}", dump(definition(kind)), rule.id)


def examples(rule: ir.Rule) -> Iterator[tuple[str, ir.Example]]:
    """`good-1`, `good-2`, …, `bad-1`, … and their examples; none if the rule is about no creation."""
    if ir.Operation.CREATE in rule.operations:
        for side, given in (("good", rule.about.good), ("bad", rule.about.bad)):
            for number, example in enumerate(given, 1):
                yield f"{side}-{number}", example


def looks_up_custom(rule: ir.Rule) -> bool:
    """Whether the rule looks up objects of a CRD, which Kyverno's command line does not find for CEL, whatever it is given."""
    return any(map(is_custom, known_kinds(rule)))


def context(rule: ir.Rule, others: Others) -> JsonMap:
    """The other objects. Kyverno's command line knows only kinds of which it was given an object."""
    given = listed(rule, others)
    bystanders = [bystander(kind) for kind in known_kinds(rule) if not any(_is_of(other, kind) for other in given)]
    return {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Context",
        "metadata": {"name": "others"},
        "spec": {"resources": [*given, *bystanders]},
    }


def bystander(kind: ir.Kind) -> JsonMap:
    """An object of the kind that no rule looks for by its place or name."""
    metadata: JsonMap = {"name": "bystander", "namespace": "elsewhere"}
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata}


def listed(rule: ir.Rule, others: Others) -> Others:
    """The other objects as Kyverno's command line lists them: those without a namespace where it asks for none.

    In a cluster that lists the objects of all namespaces. So what a rule looks up in all of them goes without one here,
    and of two objects that then have the same identity the last is there.
    """
    everywhere = _looked_up_everywhere(rule)
    found = [_nowhere(other) if any(_is_of(other, kind) for kind in everywhere) else other for other in others]
    return tuple({_identity(other): other for other in found}.values())


CONTEXT = Supply("context.yaml", "context", context, listed, has_custom=False)
"""What policies in CEL look up."""


@once
def _looked_up_everywhere(rule: ir.Rule) -> frozenset[ir.Kind]:
    return frozenset(node.kind for node in walk_rule(rule) if isinstance(node, ir.Known) and node.namespace is None)


def _is_of(other: JsonMap, kind: ir.Kind) -> bool:
    return (other["apiVersion"], other["kind"]) == (kind.api_version, kind.kind)


def _nowhere(other: JsonMap) -> JsonMap:
    return {**other, "metadata": {key: value for key, value in _metadata(other).items() if key != "namespace"}}


def _identity(other: JsonMap) -> tuple[Json, ...]:
    metadata = _metadata(other)
    return (other["apiVersion"], other["kind"], metadata.get("namespace"), metadata.get("name"))


def _as_known(rule: ir.Rule, example: ir.Example, supply: Supply) -> ir.Example:
    """The example as Kyverno's command line judges it; itself if that is no other, as its judgement is then remembered."""
    seen = ir.Example(_as_seen(rule, example.object), supply.listed(rule, example.others))
    return example if seen.object is example.object and seen.others == example.others else seen


def _test(rule: ir.Rule, name: str, seen: ir.Example, policy_fields: JsonMap, fields: JsonMap) -> JsonMap:
    judgement = judge_example(rule, seen)
    metadata = _metadata(seen.object)
    place = [str(metadata[key]) for key in ("namespace", "name") if key in metadata]
    result: JsonMap = {
        "policy": rule.id,
        **policy_fields,
        "kind": seen.object["kind"],
        "resources": ["/".join(place)],
        "result": "fail" if judgement.verdict is Verdict.FAIL else "pass",
    }
    return {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Test",
        "metadata": {"name": f"{rule.id}-{name}"},
        "policies": [f"../../../policies/{rule.id}.yaml"],
        "resources": ["resource.yaml"],
        **fields,
        "results": [result],
    }


def _as_seen(rule: ir.Rule, manifest: JsonMap) -> JsonMap:
    """The manifest as Kyverno's command line judges it: in the namespace `default` if it names none."""
    namespaced = any(kind.namespaced for kind in rule.kinds if kind.kind == manifest["kind"])
    metadata = _metadata(manifest)
    if not namespaced or metadata.get("namespace"):
        return manifest
    return {**manifest, "metadata": {**metadata, "namespace": _DEFAULT_NAMESPACE}}


def _metadata(manifest: JsonMap) -> dict[str, Json]:
    metadata = manifest["metadata"]
    assert isinstance(metadata, dict), manifest
    return metadata
