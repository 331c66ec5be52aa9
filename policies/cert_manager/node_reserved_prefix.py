"""cm-node-reserved-prefix"""

from __future__ import annotations

from cmpolicy.dsl import Condition, String, match, rule
from cmpolicy.kinds import Node

from ._node_examples import RESERVED, taint
from ._node_examples import node as example
from ._nodes import LABEL, VALUE

_PREFIX = "node-restriction.kubernetes.io/"
_OPEN = "example.com/reserved-for"
_OPEN_LABEL = {_OPEN: "platform"}


@rule(
    severity="medium",
    match=match(Node),
    message="Node {name} is reserved by a label that the node's own kubelet may set",
    remedy="Reserve nodes by a label under `node-restriction.kubernetes.io/`, and select that label",
    controls=["Kyverno policy restrict-node-label-creation"],
    sources=["Isolate cert-manager on dedicated node pools: Example"],
    profiles=("isolation",),
    good=[
        example(taint()),
        example(),
        example(reserved=None),
        example(labels=_OPEN_LABEL),
        example(taint(key=_OPEN, value="tenants"), labels={_OPEN: "tenants"}),
        example(taint(key=_OPEN), labels=RESERVED),
    ],
    bad=[
        example(taint(key=_OPEN), labels=_OPEN_LABEL),
        example(taint(key="spot"), taint(key=_OPEN, effect="NoSchedule"), labels=_OPEN_LABEL),
        example(taint(key=_OPEN), taint(), labels={**RESERVED, **_OPEN_LABEL}),
        example(taint(key="dedicated"), labels={"dedicated": "platform"}),
    ],
)
def node_reserved_prefix(node: Node) -> Condition:
    """Nodes are reserved for the platform by a label that kubelets cannot give themselves.

    The admission plugin NodeRestriction lets no kubelet set labels under `node-restriction.kubernetes.io/`. By any other
    label a node that was taken over can make itself look reserved, and draw cert-manager with its keys onto itself. A
    label counts as reserving its node if it is the one that the other rules look for, or if the node has a taint of the
    same key and value.
    """

    def reserves(key: String, value: String) -> Condition:
        tainted = node.spec.taints.any(lambda taint: (taint.key == key) & (taint.value == value))
        return (value == VALUE) & ((key == LABEL) | tainted)

    return node.metadata.labels.none(lambda key, value: reserves(key, value) & ~key.starts_with(_PREFIX))
