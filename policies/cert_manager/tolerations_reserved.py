"""cm-tolerations-reserved"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, unlabeled
from ._helm import for_every_component
from ._node_examples import toleration
from ._nodes import RESERVED_KEY, RESERVED_VALUE, tolerates


@rule(
    severity="medium",
    match=every_workload(),
    message="{kind} {name} does not tolerate the taint {reserved_key}={reserved_value}:{taint_effect}",
    helm_values=for_every_component("tolerations", [toleration()]),
    controls=["BSI APP.4.4.A14", "Kyverno policy add-tolerations"],
    sources=["Isolate cert-manager on dedicated node pools: Example"],
    profiles=("isolation",),
    good=[
        deployment(tolerations=[toleration()]),
        deployment(tolerations=[toleration(effect="NoExecute")]),
        deployment(tolerations=[toleration(effect="", operator=None)]),
        deployment(tolerations=[toleration(operator="Exists", value=None)]),
        deployment(tolerations=[{"operator": "Exists"}]),
        deployment("webhook", tolerations=[toleration(key="spot"), toleration()]),
        job(tolerations=[toleration()]),
        pod(tolerations=[toleration()]),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment(tolerations=[]),
        deployment(tolerations=toleration()),
        deployment(tolerations=[toleration(effect="NoSchedule")]),
        deployment(tolerations=[toleration(tolerationSeconds=300)]),
        deployment(tolerations=[toleration(value="tenants")]),
        deployment(tolerations=[toleration(value=None)]),
        deployment(tolerations=[toleration(key=None)]),
        job(tolerations=[toleration(key="spot")]),
        unlabeled(pod("webhook")),
    ],
)
def tolerations_reserved(
    workload: Workload,
    reserved_key: str = RESERVED_KEY,
    reserved_value: str = RESERVED_VALUE,
    taint_effect: str = "NoExecute",
) -> Condition:
    """cert-manager's pods tolerate the taint of the reserved nodes, without a time limit.

    Reserved nodes carry a taint so that no other pod gets there. A pod that selects such nodes and does not tolerate
    their taint stays pending; one that tolerates it for some seconds is evicted after them. Default tolerations that an
    admission plugin adds from the namespace's annotation are not seen here: switch the rule off where they are used.

    Parameters:
        reserved_key: Key of the taint that reserved nodes carry
        reserved_value: Value of that taint
        taint_effect: Effect of that taint
    """
    return workload.pod.tolerations.any(
        lambda toleration: toleration.tolerationSeconds.absent()
        & tolerates(toleration, reserved_key, reserved_value, taint_effect)
    )
