"""What a rule does not see on a live cluster, said to its readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cmpolicy import ir
from cmpolicy.fields.charts import chart
from cmpolicy.passes.tree import known_kinds, walk_rule

SCALED = frozenset({"Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"})
_PASSED_OVER = frozenset({("", "Node"), ("apps", "ReplicaSet")})
_REPLICAS = ir.Get(ir.Get(ir.Obj(), "spec"), "replicas")


def holes(rule: ir.Rule, text_by_target: Mapping[str, str]) -> Iterator[str]:
    """Sentences, without a final period. `text_by_target` is what each target makes of the rule."""
    if scaled := _scaled(rule):
        yield _scale(scaled, text_by_target)
    if rule.is_local:
        yield values_hole(rule.kinds)
    if rule.about.manifest_only:
        yield "the rule judges manifests as written: the API server fills in what it reads, so admission sees no failure"
    if is_confidential(rule):
        yield (
            "Kyverno judges Secrets when they are written and does not scan them: its reports controller would have to read "
            "every Secret of the cluster; Gatekeeper's audit and `check` judge those that are there"
        )
    if passed := [kind.kind for kind in rule.kinds if is_passed_over(kind)]:
        yield (
            f"Kyverno as it is installed passes over objects of kind {' and '.join(passed)}: its ConfigMap names them in "
            "`resourceFilters`. The Pods of a ReplicaSet are judged; other engines and `check` judge both"
        )
    if note := lookup_note(rule):
        yield note
    if ir.Old() in walk_rule(rule):
        yield "the rule reads the object as it was before a request; a manifest alone has no such past"


def labels(rule: ir.Rule) -> Iterator[str]:
    """The holes in a few words each, for tables."""
    if rule.about.manifest_only:
        yield "manifests only"
    if _scaled(rule):
        yield "not on scale"
    if is_confidential(rule):
        yield "not scanned by Kyverno"
    if all(map(is_passed_over, rule.kinds)):
        yield "passed over by Kyverno"


def is_passed_over(kind: ir.Kind) -> bool:
    """Whether Kyverno looks at no object of the kind: the `resourceFilters` of its release."""
    return (kind.group, kind.kind) in _PASSED_OVER


def _scaled(rule: ir.Rule) -> list[ir.Kind]:
    """The kinds of the rule that can be scaled, if it reads their replicas."""
    scaled = [kind for kind in rule.kinds if kind.kind in SCALED]
    return scaled if scaled and _REPLICAS in walk_rule(rule) else []


def is_confidential(rule: ir.Rule) -> bool:
    """Whether to judge stored objects by the rule one must be allowed to read every Secret of a cluster."""
    return any(kind.group == "" and kind.kind == "Secret" for kind in rule.kinds)


def lookup_note(rule: ir.Rule) -> str:
    """What admission order does to a rule that looks up other objects, without a final period; empty for others."""
    kinds = " and ".join(kind.kind for kind in known_kinds(rule))
    return kinds and (
        f"the rule looks up objects of kind {kinds} among those that the engine knows by then: one that is applied later "
        "is missing, one that has just changed may be seen as it was. So failures are reported and never blocked, also "
        "in a build with --enforce; `check` sees the manifests that it is given, and scans and audits judge again"
    )


def described(rule: ir.Rule) -> str:
    """The rule's description for those who see it on a cluster."""
    note = lookup_note(rule)
    return f"{rule.about.description}\n\n{note[0].upper()}{note[1:]}." if note else rule.about.description


def values_hole(kinds: Iterable[ir.Kind]) -> str:
    """What a check of Helm values of these kinds cannot know; empty if none of them stands for values."""
    charts = " and ".join(str(chart(kind)) for kind in dict.fromkeys(kinds) if kind.is_local)
    return charts and (
        f"Helm values are judged before the chart is rendered, over what {charts} sets itself. What `--set` and files that are "
        "not given bring, objects of `extraObjects`, another version's templates, and what is in the cluster are not seen. So "
        "these verdicts are advice: `helm template ... | cmpolicy check -` judges what comes out"
    )


def _scale(kinds: list[ir.Kind], text_by_target: Mapping[str, str]) -> str:
    matching = [name for name, text in text_by_target.items() if any(_matches_scale(kind, text) for kind in kinds)]
    matched = f"only {', '.join(matching)} match" if matching else "no target matches"
    return (
        f"`kubectl scale` and autoscalers set replicas through the scale subresource, which {matched}; "
        "background scans and the next change of the object show it"
    )


def _matches_scale(kind: ir.Kind, text: str) -> bool:
    return f"{kind.plural}/scale" in text or f"{kind.kind}/scale" in text
