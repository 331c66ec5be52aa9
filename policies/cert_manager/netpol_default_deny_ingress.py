"""cm-netpol-default-deny-ingress"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Direction, Workload, given, rule, where_known

from ._components import belongs_to, every_template
from ._examples import container, deployment, job, other_webhook, unlabeled
from ._netpol_examples import network_policy
from ._network import DENY_CONTROLS, SOURCE, is_denied_by_default, is_isolated
from ._network_examples import egress, ingress


@rule(
    severity="high",
    match=every_template(),
    message="no NetworkPolicy denies what comes in by default in the namespace {namespace} of {kind} {name}",
    remedy="Add a NetworkPolicy that selects every pod of the namespace, with Ingress in `policyTypes` and no rules",
    controls=DENY_CONTROLS,
    sources=[SOURCE],
    profiles=("relations",),
    good=[
        where_known(deployment(), ingress(component=None)),
        where_known(deployment(), network_policy({}, policyTypes=["Ingress", "Egress"])),
        where_known(deployment(), ingress({}, component=None), ingress(component=None, name="deny")),
        where_known(deployment(), network_policy(policyTypes=["Ingress"], ingress=None)),
        where_known(deployment(), network_policy()),
        where_known(unlabeled(deployment()), ingress(component=None, namespace="pki")),
        deployment("webhook"),
        job(),
        other_webhook(),
    ],
    bad=[
        deployment(),
        where_known(deployment(), egress(component=None)),
        where_known(deployment(), ingress({}, component=None)),
        where_known(deployment(), ingress(component="controller")),
        where_known(deployment(), ingress(component=None, namespace="elsewhere")),
        where_known(deployment(), network_policy(policyTypes=["Egress"], ingress=[])),
        unlabeled(deployment()),
        unlabeled(job(containers=[container("controller")])),
    ],
)
def netpol_default_deny_ingress(workload: Workload, per_component: bool = False) -> Condition:
    """cert-manager's namespace denies what comes in unless a policy allows it.

    Kubernetes lets every pod of the cluster talk to every other. A policy that selects all pods of the namespace and
    allows nothing in makes each connection something that was asked for, also to pods that come later, such as the
    startupapicheck's, for which the chart has no policy. The controller's workload is asked, once for the namespace.
    Where no such policy is known, the rule fails.

    Parameters:
        per_component: Be content with a policy on each component, and ask each; it must isolate its pods
    """
    by_namespace = is_denied_by_default(workload, Direction.INGRESS)
    once = ~belongs_to("controller")(workload) | by_namespace
    each = by_namespace | is_isolated(workload, Direction.INGRESS)
    return (given(per_component) & each) | (~given(per_component) & once)
