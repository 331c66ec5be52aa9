"""cm-netpol-acmesolver-ingress"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Direction, Traffic, is_block, is_pod, rule, where_known
from cmpolicy.kinds import NetworkPolicyPeer, Pod

from ._components import solvers
from ._network import REQUIREMENTS, passes
from ._network_examples import block, egress, from_, ingress, namespace_named, ports
from ._solver_netpol_examples import DENY_IN_SHOP, solver, solvers_in


@rule(
    severity="medium",
    match=solvers(),
    message="the NetworkPolicies in {namespace} keep the ingress controller from the ACME solver {name}",
    remedy='Allow TCP to port 8089 of the pods labeled `acme.cert-manager.io/http01-solver: "true"` from the ingress '
    "controller's namespace",
    sources=[REQUIREMENTS],
    profiles=("relations",),
    good=[
        where_known(solver(), DENY_IN_SHOP, solvers_in({"ports": ports(8089)})),
        where_known(solver(), DENY_IN_SHOP, solvers_in({"ports": ports("http")})),
        where_known(solver(), DENY_IN_SHOP, solvers_in(from_(namespace_named("ingress-nginx"), ports=ports(8089)))),
        where_known(solver(), DENY_IN_SHOP, solvers_in(from_(block("10.0.0.0/8"), ports=ports(8000, end=8100)))),
        where_known(solver(), solvers_in({})),
        where_known(solver(), ingress(component=None)),
        where_known(solver(), egress(component=None, namespace="shop")),
        solver(),
        where_known({**solver(), "metadata": {"name": "unlabeled", "namespace": "shop"}}, solvers_in()),
    ],
    bad=[
        where_known(solver(), DENY_IN_SHOP),
        where_known(solver(), DENY_IN_SHOP, solvers_in({"ports": ports(80, 443)})),
        where_known(solver(), DENY_IN_SHOP, solvers_in({"ports": ports(8089, protocol="UDP")})),
        where_known(solver(), DENY_IN_SHOP, solvers_in(from_(namespace_named("monitoring"), ports=ports(8089)))),
        where_known(solver(port=8090), solvers_in({"ports": ports("http")})),
        where_known(solver(), DENY_IN_SHOP, ingress({"ports": ports(8089)}, component=None, name="far")),
    ],
)
def netpol_acmesolver_ingress(pod: Pod, solver_port: int = 8089, ingress_namespace: str = "ingress-nginx") -> Condition:
    """ACME solver pods can be reached where their namespace denies ingress.

    The ingress controller sends the ACME server's question to a pod that cert-manager makes for it in the namespace of
    the challenge, and that lives for seconds. Where a policy closes it, the challenge fails until someone looks. A pod
    that no known policy isolates is open, and passes.

    Parameters:
        solver_port: Port that the solver listens on
        ingress_namespace: Namespace of the ingress controller, which a rule has to let in; blocks of addresses count too
    """

    def is_ingress(peer: NetworkPolicyPeer) -> Condition:
        return is_block(peer) | is_pod(peer, ingress_namespace, {})

    return passes(pod, Traffic(Direction.INGRESS, solver_port, pod=pod.spec, peer=is_ingress))
