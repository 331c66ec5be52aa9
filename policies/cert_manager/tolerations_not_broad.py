"""cm-tolerations-not-broad"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, unlabeled
from ._node_examples import toleration
from ._nodes import is_broad

_ANYTHING = {"operator": "Exists"}


@rule(
    severity="medium",
    match=every_workload(),
    message="{kind} {name} tolerates every taint",
    remedy="Name the key of the taint in each toleration",
    controls=["Kyverno policy restrict-controlplane-scheduling"],
    sources=["Isolate cert-manager on dedicated node pools: Example"],
    profiles=("isolation",),
    good=[
        deployment(),
        deployment(tolerations=[toleration()]),
        deployment(tolerations=[toleration(operator="Exists", value=None)]),
        deployment(tolerations=[toleration(key="")]),
        deployment(tolerations=None),
        job(),
        pod(tolerations=[toleration(key="node.kubernetes.io/not-ready", operator="Exists", value=None)]),
        other_webhook(),
    ],
    bad=[
        deployment(tolerations=[_ANYTHING]),
        deployment(tolerations=[toleration(), {**_ANYTHING, "key": "", "effect": "NoSchedule"}]),
        deployment("webhook", tolerations=[{**_ANYTHING, "key": None}]),
        job(tolerations=[_ANYTHING]),
        unlabeled(pod("controller", tolerations=[_ANYTHING])),
    ],
)
def tolerations_not_broad(workload: Workload) -> Condition:
    """cert-manager's pods do not tolerate every taint.

    A toleration without a key lets them onto nodes of every kind, also those that another team has reserved or that the
    cluster is taking out of service, and so undoes the isolation that the taints are there for.
    """
    return workload.pod.tolerations.none(is_broad)
