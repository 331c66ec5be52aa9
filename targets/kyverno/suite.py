"""The suite for `kyverno test`: a folder with a test for each example.

Kyverno tells the objects of a test apart by kind, namespace and name alone, so examples that share them need a test each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge_example
from cmpolicy.passes.tree import known_kinds, walk_rule
from cmpolicy.targets.examples import example_text
from cmpolicy.targets.protocol import File
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

_DEFAULT_NAMESPACE = "default"
_CONTEXT = "context.yaml"


def suite(rules: Iterable[ir.Rule], policy_fields: JsonMap) -> Iterator[File]:
    """A test of every example; `policy_fields` says in each result what kind of policy it is about."""
    for rule in rules:
        kinds = known_kinds(rule)
        for name, example in _with_bystanders(rule, kinds):
            folder = f"tests/{rule.id}/{name}"
            yield File(f"{folder}/kyverno-test.yaml", dump(_test(rule, name, example, policy_fields)), rule.id)
            yield File(f"{folder}/resource.yaml", example_text(example.object), rule.id)
            if kinds:
                yield File(f"{folder}/{_CONTEXT}", dump(_context(example)), rule.id)


def examples(rule: ir.Rule) -> Iterator[tuple[str, ir.Example]]:
    """`good-1`, `good-2`, …, `bad-1`, … and their examples; none if the rule is about no creation."""
    if ir.Operation.CREATE in rule.operations:
        for side, given in (("good", rule.about.good), ("bad", rule.about.bad)):
            for number, example in enumerate(given, 1):
                yield f"{side}-{number}", example


def _with_bystanders(rule: ir.Rule, kinds: Sequence[ir.Kind]) -> Iterator[tuple[str, ir.Example]]:
    """The examples, with an object more of each kind that they have none of: Kyverno's command line knows no others.

    None of a rule that looks for a kind in all namespaces: the command line finds objects in a named one alone.
    """
    if any(_is_everywhere(node) for node in walk_rule(rule)):
        return
    for name, example in examples(rule):
        given = {other["kind"] for other in example.others}
        bystanders = (_bystander(kind) for kind in kinds if kind.kind not in given)
        yield name, replace(example, others=(*example.others, *bystanders))


def _is_everywhere(node: ir.Node) -> bool:
    return isinstance(node, ir.Known) and node.namespace is None and node.kind.namespaced


def _bystander(kind: ir.Kind) -> JsonMap:
    place: JsonMap = {"namespace": "elsewhere"} if kind.namespaced else {}
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": "bystander", **place}}


def _context(example: ir.Example) -> JsonMap:
    return {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Context",
        "metadata": {"name": "others"},
        "spec": {"resources": [*example.others]},
    }


def _test(rule: ir.Rule, name: str, example: ir.Example, policy_fields: JsonMap) -> JsonMap:
    seen = _as_seen(rule, example.object)
    metadata = _metadata(seen)
    place = [str(metadata[key]) for key in ("namespace", "name") if key in metadata]
    result: JsonMap = {
        "policy": rule.id,
        **policy_fields,
        "kind": seen["kind"],
        "resources": ["/".join(place)],
        "result": "fail" if judge_example(rule, ir.Example(seen, example.others)).verdict is Verdict.FAIL else "pass",
    }
    context: JsonMap = {"context": _CONTEXT} if known_kinds(rule) else {}
    return {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Test",
        "metadata": {"name": f"{rule.id}-{name}"},
        "policies": [f"../../../policies/{rule.id}.yaml"],
        "resources": ["resource.yaml"],
        **context,
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
