"""cm-netpol-no-empty-selector-allow"""

from __future__ import annotations

from cmpolicy.dsl import Condition, in_namespaces, match, rule
from cmpolicy.kinds import NetworkPolicy

from ._components import NAMESPACES
from ._examples import labels
from ._netpol import is_for
from ._netpol_examples import MONITORING, egress, ingress, network_policy
from ._selectors import is_empty


@rule(
    severity="medium",
    match=match(NetworkPolicy).where(in_namespaces(NAMESPACES)),
    message="NetworkPolicy {name} allows traffic of every pod in {namespace}",
    remedy="Select the pods that need the traffic by their labels",
    controls=["Kyverno policy restrict-networkpolicy-empty-podselector", "NSA: network policies (Trivy 2.0)"],
    sources=["Network Requirements and Network Policy"],
    good=[
        ingress(),
        egress(),
        ingress({"from": [MONITORING]}, labels=labels("controller")),
        egress({}, labels={"app": "trust-manager"}),
        network_policy(policyTypes=["Ingress"], ingress=[], egress=[{}]),
        network_policy(policyTypes=["Egress"], ingress=[{}]),
        network_policy(namespace="elsewhere", ingress=[{}]),
    ],
    bad=[
        ingress({"from": [MONITORING]}),
        ingress({"from": [MONITORING]}, labels={}),
        egress({}),
        network_policy(ingress=[{}]),
        network_policy(egress=[{}]),
        network_policy(policyTypes=["Ingress", "Egress"], ingress=[], egress=[{}]),
    ],
)
def netpol_no_empty_selector_allow(policy: NetworkPolicy) -> Condition:
    """What network policies allow in cert-manager's namespace they allow named pods.

    An empty selector is right for denying by default. With a rule in it the policy opens the same way for every pod of
    the namespace, also for the one that somebody adds next year.
    """
    spec = policy.spec
    lets_in = is_for(policy, "Ingress") & ~spec.ingress.is_empty()
    lets_out = is_for(policy, "Egress") & ~spec.egress.is_empty()
    return ~is_empty(spec.podSelector) | ~(lets_in | lets_out)
