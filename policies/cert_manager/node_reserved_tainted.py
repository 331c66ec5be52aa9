"""cm-node-reserved-tainted"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import Node

from ._node_examples import node as example
from ._node_examples import taint
from ._nodes import EFFECT, LABEL, VALUE, is_reserved


@rule(
    severity="high",
    match=match(Node).where(is_reserved),
    message="Node {name} is labeled for the platform, and no taint keeps other pods away",
    remedy="kubectl taint node NODE node-restriction.kubernetes.io/reserved-for=platform:NoExecute",
    controls=["BSI APP.4.4.A14", "Kyverno policy protect-node-taints"],
    sources=["Isolate cert-manager on dedicated node pools: Example"],
    profiles=("isolation",),
    good=[
        example(taint()),
        example(taint(key="spot"), taint()),
        example(reserved="tenants"),
        example(reserved=None),
    ],
    bad=[
        example(),
        example(taint(effect="NoSchedule")),
        example(taint(value="tenants")),
        example(taint(value=None)),
        example(taint(key="spot")),
    ],
)
def node_reserved_tainted(node: Node) -> Condition:
    """Nodes that are labeled for the platform carry the taint that keeps other pods away.

    The label alone draws cert-manager there and keeps nobody out: without the taint any pod may land next to it. The
    kubelet writes to its Node all the time, so let this rule report and not block.
    """
    return node.spec.taints.any(
        lambda taint: (taint.key == LABEL) & (taint.value == VALUE) & (taint.effect == EFFECT),
    )
