"""Where pods may run: reserved nodes, the labels that select them and the taint that keeps others away."""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of
from cmpolicy.kinds import NodeSelectorTerm, PodSpec, Toleration

RESERVED_KEY = "node-restriction.kubernetes.io/reserved-for"
RESERVED_VALUE = "platform"


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


def is_broad(toleration: Toleration) -> Condition:
    """It has no key, so that it tolerates every taint of its effect."""
    return (toleration.operator == "Exists") & (toleration.key.default("") == "")


def tolerates(toleration: Toleration, key: str, value: str, effect: str) -> Condition:
    """It matches the taint `key=value:effect`, for however long."""
    is_equal = (toleration.operator.default("Equal").is_in(["Equal", ""])) & (toleration.value == value)
    on_key = (toleration.key == key) & any_of(toleration.operator == "Exists", is_equal)
    every_effect = toleration.effect.default("") == ""
    return (every_effect | (toleration.effect == effect)) & (on_key | is_broad(toleration))
