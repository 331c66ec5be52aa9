"""cm-netpol-covers-egress"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, Direction, Workload, rule, where_known

from ._components import ALL, asked_of, every_template
from ._examples import deployment, job, other_webhook, unlabeled
from ._helm import for_long_running
from ._netpol_examples import network_policy
from ._network import COVERS_CONTROLS, SOURCE, is_isolated
from ._network_examples import egress, ingress


@rule(
    severity="high",
    match=every_template(),
    message="no NetworkPolicy isolates the pods of {kind} {name} from what goes out",
    remedy="Add a NetworkPolicy of your own for the startupapicheck, for which the chart has none",
    helm_values=for_long_running("networkPolicy.enabled", True),
    controls=COVERS_CONTROLS,
    sources=[SOURCE],
    profiles=("relations",),
    good=[
        where_known(deployment("webhook"), ingress(component="webhook"), egress({}, component="webhook", name="more")),
        where_known(deployment("cainjector"), network_policy(policyTypes=["Egress"], egress=[])),
        where_known(deployment(), egress(component="webhook"), egress(component=None, name="all")),
        where_known(job(), egress(component=None)),
        where_known(unlabeled(deployment()), egress(component=None, namespace="pki")),
        where_known(deployment(), network_policy(egress=[{}])),
        other_webhook(),
    ],
    bad=[
        deployment(),
        job(),
        where_known(job(), egress(component="controller")),
        where_known(deployment("webhook"), ingress(component="webhook")),
        where_known(deployment("webhook"), egress(component="cainjector")),
        where_known(deployment("webhook"), egress(component="webhook", namespace="elsewhere")),
        where_known(deployment("webhook", hostNetwork=True), egress(component="webhook")),
        where_known(deployment(), network_policy(egress=[])),
    ],
)
def netpol_covers_egress(workload: Workload, components: Sequence[str] = ALL) -> Condition:
    """Each component of cert-manager is isolated by a NetworkPolicy from what goes out.

    Kubernetes lets a pod that no policy isolates talk to whatever it reaches, so that nothing keeps a component that
    was taken over from sending away the keys that it handles. Policies do not hold for pods on their node's network.
    Where no policy is known that selects the pods, by the labels of their template, the rule fails.

    Parameters:
        components: Components that have to be isolated
    """
    return asked_of(workload, components).implies(is_isolated(workload, Direction.EGRESS))
