"""cm-no-node-name"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._components import every_template
from ._examples import deployment, job, other_webhook, unlabeled


@rule(
    severity="low",
    match=every_template(),
    message="{kind} {name} sends its pods to the node {workload.pod.nodeName}",
    remedy="Remove `nodeName`, and select nodes by their labels",
    controls=["Kyverno policy restrict-node-selection"],
    sources=["Isolate cert-manager on dedicated node pools"],
    profiles=("isolation",),
    good=[
        deployment(),
        deployment("cainjector", nodeName=""),
        deployment("webhook", nodeName=None, nodeSelector={"kubernetes.io/os": "linux"}),
        job(),
        other_webhook(),
    ],
    bad=[
        deployment(nodeName="node-1"),
        job(nodeName="node-1"),
        unlabeled(deployment("webhook", nodeName="node-1")),
    ],
)
def no_node_name(workload: Workload) -> Condition:
    """cert-manager's workloads leave the choice of the node to the scheduler.

    A pod that names its node goes there past the scheduler, which then looks at no selector, no taint that only keeps
    pods from being scheduled, and no free memory. When that node is gone, so is the pod.
    """
    return workload.pod.nodeName.default("") == ""
