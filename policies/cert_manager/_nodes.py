"""Where pods may run: reserved nodes, the labels that select them and the taint that keeps others away."""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of, parameter
from cmpolicy.kinds import Node, NodeSelectorRequirement, NodeSelectorTerm, PodSpec, Toleration

RESERVED_KEY = "node-restriction.kubernetes.io/reserved-for"
RESERVED_VALUE = "platform"
LABEL = parameter("reserved_key", RESERVED_KEY, "Key of the label and of the taint that reserved nodes carry")
VALUE = parameter("reserved_value", RESERVED_VALUE, "Value of that label and of that taint")
EFFECT = parameter("taint_effect", "NoExecute", "Effect of that taint")


def is_reserved(node: Node) -> Condition:
    """The node is reserved for the platform by its label."""
    return node.metadata.labels[LABEL] == VALUE


def runs_only_on(pod: PodSpec, key: str, value: str) -> Condition:
    """The pod's nodes carry this label: by its node selector, or in every alternative of its required affinity."""

    def selects(term: NodeSelectorTerm) -> Condition:
        return term.matchExpressions.any(
            lambda label: (label.key == key)
            & (label.operator == "In")
            & ~label.values.is_empty()
            & label.values.all(lambda each: each == value)
        )

    terms = pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms
    return (pod.nodeSelector[key] == value) | (~terms.is_empty() & terms.all(selects))


def asks_for(pod: PodSpec, key: str, value: str) -> Condition:
    """The pod selects nodes with this label, or prefers them: by its node selector or in any term of its affinity."""

    def selects(term: NodeSelectorTerm) -> Condition:
        return term.matchExpressions.any(lambda label: (label.key == key) & _admits(label, value))

    affinity = pod.affinity.nodeAffinity
    return any_of(
        pod.nodeSelector[key] == value,
        affinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.any(selects),
        affinity.preferredDuringSchedulingIgnoredDuringExecution.any(lambda each: selects(each.preference)),
    )


def _admits(label: NodeSelectorRequirement, value: str) -> Condition:
    return (label.operator == "Exists") | ((label.operator == "In") & label.values.contains(value))


def is_broad(toleration: Toleration) -> Condition:
    """It has no key, so that it tolerates every taint of its effect."""
    return (toleration.operator == "Exists") & (toleration.key.default("") == "")


def tolerates(toleration: Toleration, key: str, value: str, effect: str) -> Condition:
    """It matches the taint `key=value:effect`, for however long."""
    is_equal = (toleration.operator.default("Equal").is_in(["Equal", ""])) & (toleration.value == value)
    on_key = (toleration.key == key) & any_of(toleration.operator == "Exists", is_equal)
    every_effect = toleration.effect.default("") == ""
    return (every_effect | (toleration.effect == effect)) & (on_key | is_broad(toleration))
