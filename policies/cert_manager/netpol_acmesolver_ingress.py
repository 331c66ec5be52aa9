"""cm-netpol-acmesolver-ingress"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Direction, Traffic, given, is_pod, labeled, match, rule, where_known
from cmpolicy.kinds import NetworkPolicyPeer, Pod
from cmpolicy.values import Json, JsonMap

from ._netpol_examples import block, egress, from_, ingress, namespace_named, network_policy, ports
from ._network import SOURCE, passes

_LABELS: dict[str, str] = {"acme.cert-manager.io/http01-solver": "true"}


def _solver(labels: JsonMap | None = None, *, port: Json = 8089) -> JsonMap:
    """A Pod that answers a challenge in the namespace of a shop."""
    image = "quay.io/jetstack/cert-manager-acmesolver:v1.21.1"
    container: JsonMap = {"name": "acmesolver", "image": image, "ports": [{"name": "http", "containerPort": port}]}
    metadata: JsonMap = {"name": "cm-acme-http-solver-x", "namespace": "shop", "labels": labels or {**_LABELS}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}


def _in(*rules: JsonMap, name: str = "policy") -> JsonMap:
    """A policy for the solvers of the shop's namespace."""
    return network_policy({**_LABELS}, namespace="shop", name=name, policyTypes=["Ingress"], ingress=list(rules))


_DENY = ingress(component=None, namespace="shop", name="deny")


@rule(
    severity="medium",
    match=match(Pod).where(labeled(_LABELS)),
    message="the NetworkPolicies in {namespace} keep the ingress controller from the ACME solver {name}",
    remedy='Allow TCP to port 8089 of the pods labeled `acme.cert-manager.io/http01-solver: "true"` from the ingress '
    "controller's namespace",
    sources=[f"{SOURCE}: requirement 8"],
    good=[
        where_known(_solver(), _DENY, _in({"ports": ports(8089)})),
        where_known(_solver(), _DENY, _in({"ports": ports("http")})),
        where_known(_solver(), _DENY, _in(from_(namespace_named("ingress-nginx"), ports=ports(8089)))),
        where_known(_solver(), _DENY, _in(from_(block("10.0.0.0/8"), ports=ports(8000, end=8100)))),
        where_known(_solver(), _in({})),
        where_known(_solver(), ingress(component=None)),
        where_known(_solver(), egress(component=None, namespace="shop")),
        _solver(),
        where_known(_solver({"app": "cart"}), _DENY),
    ],
    bad=[
        where_known(_solver(), _DENY),
        where_known(_solver(), _DENY, _in({"ports": ports(80, 443)})),
        where_known(_solver(), _DENY, _in({"ports": ports(8089, protocol="UDP")})),
        where_known(_solver(port=8090), _in({"ports": ports("http")})),
        where_known(_solver(), _DENY, ingress({"ports": ports(8089)}, component=None, name="far")),
    ],
)
def netpol_acmesolver_ingress(
    pod: Pod, solver_port: int = 8089, from_anyone: bool = True, ingress_namespace: str = "ingress-nginx"
) -> Condition:
    """ACME solver pods can be reached where their namespace denies ingress.

    The ingress controller sends the ACME server's question to a pod that cert-manager makes for it in the namespace of
    the challenge, and that lives for seconds. Where a policy closes it, the challenge fails until someone looks. A pod
    that no known policy isolates is open, and passes.

    Parameters:
        solver_port: Port that the solver listens on
        from_anyone: A rule counts whoever its peers are; if false, it has to let the ingress controller in
        ingress_namespace: Namespace of the ingress controller
    """

    def is_ingress(peer: NetworkPolicyPeer) -> Condition:
        return given(from_anyone) | is_pod(peer, ingress_namespace, {})

    return passes(pod, Traffic(Direction.INGRESS, solver_port, pod=pod.spec, peer=is_ingress))
