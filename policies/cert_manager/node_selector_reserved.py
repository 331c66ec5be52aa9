"""cm-node-selector-reserved"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, unlabeled
from ._helm import for_every_component
from ._node_examples import LINUX, RESERVED, label_in, preferred, required
from ._nodes import RESERVED_KEY, RESERVED_VALUE, runs_only_on

_RESERVED, _ZONE = label_in(RESERVED_KEY, RESERVED_VALUE), label_in("topology.kubernetes.io/zone", "a")


@rule(
    severity="medium",
    match=every_workload(),
    message="{kind} {name} may run on nodes without the label {reserved_key}={reserved_value}",
    helm_values=for_every_component("nodeSelector", {**LINUX, **RESERVED}),
    controls=[
        "BSI APP.4.4.A14",
        "BSI APP.4.4.A15",
        "BSI SYS.1.6.A26",
        "ControlPlane threat model T-07",
        "Kyverno policy restrict-node-affinity",
    ],
    sources=["Isolate cert-manager on dedicated node pools"],
    profiles=("isolation",),
    good=[
        deployment(nodeSelector={**LINUX, **RESERVED}),
        deployment("webhook", affinity=required(_RESERVED)),
        deployment(affinity=required(_RESERVED, _RESERVED)),
        job(nodeSelector=RESERVED),
        pod(nodeSelector=RESERVED),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment(nodeSelector=LINUX),
        deployment(nodeSelector={RESERVED_KEY: "tenants"}),
        deployment(nodeSelector=None, affinity=required()),
        deployment(affinity=required(_RESERVED, _ZONE)),
        deployment(affinity=required(label_in(RESERVED_KEY, RESERVED_VALUE, "tenants"))),
        deployment(affinity=required(label_in(RESERVED_KEY, RESERVED_VALUE, operator="NotIn"))),
        deployment(affinity=required(label_in(RESERVED_KEY))),
        deployment(affinity=preferred(_RESERVED)),
        job(),
        unlabeled(pod("webhook", nodeSelector=LINUX)),
    ],
)
def node_selector_reserved(
    workload: Workload, reserved_key: str = RESERVED_KEY, reserved_value: str = RESERVED_VALUE
) -> Condition:
    """cert-manager's pods run only on nodes that are reserved for the platform.

    The controller and the cainjector hold private keys in memory. Whoever becomes root on their node through another
    workload can read those keys, so no other workload should be there. An affinity counts if each of its alternatives
    asks for the label; a preference never does.

    Parameters:
        reserved_key: Key of the label that reserved nodes carry
        reserved_value: Value of that label
    """
    return runs_only_on(workload.pod, reserved_key, reserved_value)
