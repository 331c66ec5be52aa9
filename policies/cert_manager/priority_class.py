"""cm-priority-class"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, Workload, rule

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, unlabeled

_CRITICAL = "system-cluster-critical"


@rule(
    severity="medium",
    match=every_workload(),
    message="{kind} {name} needs an allowed priority class and has {workload.pod.priorityClassName.default('none')}",
    helm_values={"global.priorityClassName": _CRITICAL},
    controls=[
        "Kyverno policy require-pod-priorityclassname",
        "Kyverno policy allowed-podpriorities",
        "Kyverno policy add-pod-priorityclassname",
    ],
    sources=["Priority Class Name"],
    good=[
        deployment("cainjector", priorityClassName=_CRITICAL),
        job(priorityClassName=_CRITICAL),
        pod("webhook", priorityClassName=_CRITICAL),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment(priorityClassName=None),
        deployment("webhook", priorityClassName="system-node-critical"),
        deployment(priorityClassName=1000),
        job(),
        unlabeled(pod("cainjector", priorityClassName="high")),
    ],
)
def priority_class(workload: Workload, allowed: Sequence[str] = (_CRITICAL,)) -> Condition:
    """cert-manager's pods have a priority class that protects them.

    When a node runs short, the scheduler preempts and the kubelet evicts pods of low priority first. Pods without a
    class are among those, and the software that waits for its certificates goes down with cert-manager.

    Parameters:
        allowed: Priority classes that are high enough
    """
    return workload.pod.priorityClassName.is_in(allowed)
