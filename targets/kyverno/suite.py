"""The suite for `kyverno test`: a folder with a test for each example.

Kyverno tells the objects of a test apart by kind, namespace and name alone, so examples that share them need a test each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.targets.examples import example_text
from cmpolicy.targets.protocol import File
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

_DEFAULT_NAMESPACE = "default"


def suite(rules: Iterable[ir.Rule], policy_fields: JsonMap) -> Iterator[File]:
    """A test of every example; `policy_fields` says in each result what kind of policy it is about."""
    for rule in rules:
        for name, manifest in examples(rule):
            folder = f"tests/{rule.id}/{name}"
            yield File(f"{folder}/kyverno-test.yaml", dump(_test(rule, name, manifest, policy_fields)), rule.id)
            yield File(f"{folder}/resource.yaml", example_text(manifest), rule.id)


def examples(rule: ir.Rule) -> Iterator[tuple[str, JsonMap]]:
    """`good-1`, `good-2`, …, `bad-1`, … and their manifests; none if the rule is about no creation."""
    if ir.Operation.CREATE in rule.operations:
        for side, manifests in (("good", rule.about.good), ("bad", rule.about.bad)):
            for number, manifest in enumerate(manifests, 1):
                yield f"{side}-{number}", manifest


def _test(rule: ir.Rule, name: str, manifest: JsonMap, policy_fields: JsonMap) -> JsonMap:
    seen = _as_seen(rule, manifest)
    metadata = _metadata(seen)
    place = [str(metadata[key]) for key in ("namespace", "name") if key in metadata]
    result: JsonMap = {
        "policy": rule.id,
        **policy_fields,
        "kind": manifest["kind"],
        "resources": ["/".join(place)],
        "result": "fail" if judge(rule, seen).verdict is Verdict.FAIL else "pass",
    }
    return {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Test",
        "metadata": {"name": f"{rule.id}-{name}"},
        "policies": [f"../../../policies/{rule.id}.yaml"],
        "resources": ["resource.yaml"],
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
