"""cm-netpol-solver-isolated"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Direction, policies_on, rule, some_rule, where_known
from cmpolicy.kinds import NetworkPolicyPeer, Pod

from ._cert_manager import ANYWHERE, is_every_address, ports, solvers
from ._netpol_examples import namespace_among, namespace_named
from ._network import is_denied_by_default
from ._solver_examples import DENY, EVERYTHING_OUT, from_, ingress_in, solver, solvers_in
from ._sources import RELATIONS, guide

_NAME = "kubernetes.io/metadata.name"
_NGINX = namespace_named("ingress-nginx")
_CONTROLLER = {**_NGINX, "podSelector": {"matchLabels": {"app.kubernetes.io/name": "ingress-nginx"}}}
_BLOCK = {"ipBlock": {"cidr": "10.0.0.0/8"}}


@rule(
    severity="medium",
    match=solvers(),
    message="the ACME solver {name} can be reached by others than the ingress controller",
    remedy="Deny ingress to every pod of the namespace, and let the ingress controller's namespace alone in to the pods "
    'labeled `acme.cert-manager.io/http01-solver: "true"`',
    docs="https://cert-manager.io/docs/configuration/acme/http01/",
    sources=guide("T-04", "R-NETWORK-02"),
    profiles=RELATIONS,
    good=[
        where_known(solver(), DENY, solvers_in(from_(_NGINX, ports=ports(8089)))),
        where_known(solver(), DENY, solvers_in(from_(_CONTROLLER), from_(_BLOCK, namespace_among("ingress-nginx")))),
        where_known(solver(), DENY),
        where_known(solver(), DENY, EVERYTHING_OUT),
        where_known(solver(), DENY, ingress_in({}, labels={"app": "shop"})),
        where_known(solver(), DENY, ingress_in({}, namespace="elsewhere")),
    ],
    bad=[
        solver(),
        where_known(solver(), solvers_in(from_(_NGINX))),
        where_known(solver(), {**DENY, "metadata": {"name": "deny", "namespace": "elsewhere"}}),
        where_known(solver(), EVERYTHING_OUT),
        where_known(solver(), DENY, solvers_in({"ports": ports(8089)})),
        where_known(solver(), DENY, solvers_in(from_(_NGINX), {})),
        where_known(solver(), DENY, solvers_in(from_(_NGINX, namespace_named("shop")))),
        where_known(solver(), DENY, solvers_in(from_({"namespaceSelector": {}}))),
        where_known(solver(), DENY, solvers_in(from_(namespace_among("ingress-nginx", "shop")))),
        where_known(solver(), DENY, solvers_in(from_({"podSelector": {}}))),
        where_known(solver(), DENY, solvers_in(from_(ANYWHERE))),
        where_known(solver(), DENY, ingress_in(from_(namespace_named("monitoring")))),
    ],
)
def netpol_solver_isolated(pod: Pod, ingress_namespace: str = "ingress-nginx") -> Condition:
    """ACME solvers are reached by the ingress controller alone.

    A solver answers whoever asks, in a namespace that belongs to somebody else, under a name that anyone can guess. With
    every other way in denied, a pod nearby cannot use it, and a solver that is taken over is not a way into the
    namespace. The rule fails where no policy is known that denies ingress to the whole namespace.

    Parameters:
        ingress_namespace: Namespace of the ingress controller; blocks of addresses, but for the whole Internet, pass too
    """

    def is_ingress(peer: NetworkPolicyPeer) -> Condition:
        selector = peer.namespaceSelector
        by_name = selector.matchLabels[_NAME] == ingress_namespace
        by_list = selector.matchExpressions.any(
            lambda each: (
                (each.key == _NAME)
                & (each.operator == "In")
                & ~each.values.is_empty()
                & each.values.all(lambda name: name == ingress_namespace)
            )
        )
        return by_name | by_list | (peer.ipBlock.exists() & ~is_every_address(peer))

    open_to_others = policies_on(pod).any(
        lambda policy: some_rule(
            policy, Direction.INGRESS, lambda ports, peers: peers.is_empty() | ~peers.all(is_ingress)
        )
    )
    return is_denied_by_default(pod, Direction.INGRESS) & ~open_to_others
