"""cm-cainjector-liveness-exempt"""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of, rule
from cmpolicy.kinds import Container, Deployment

from ._components import cainjector, own_containers
from ._examples import container, livez, sidecar, unlabeled
from ._examples import deployment as example
from ._liveness_examples import probed


@rule(
    severity="info",
    match=cainjector(Deployment),
    message="the liveness probe of {name} asks an endpoint that the cainjector does not have",
    remedy="Remove the probe, and exempt the cainjector where a policy asks every container for one",
    sources=["Use Liveness Probes: cainjector"],
    good=[
        example("cainjector"),
        probed(None, "cainjector"),
        probed({"tcpSocket": {"port": 9402}}, "cainjector"),
        probed(livez(9402, path="/metrics"), "cainjector"),
        example("cainjector", containers=[sidecar(livenessProbe=livez(8080)), container("cainjector")]),
        probed(livez("http-healthz")),
    ],
    bad=[
        probed(livez("http-healthz"), "cainjector"),
        probed(livez(9402), "cainjector"),
        probed(livez(9402, path="/livez/leaderElection"), "cainjector"),
        unlabeled(probed(livez(9403), "cainjector")),
    ],
)
def cainjector_liveness_exempt(deployment: Deployment) -> Condition:
    """The cert-manager cainjector is not probed at `/livez`, which it does not serve.

    It has no health server yet, so it needs no liveness probe, and one that was copied from the controller fails for ever:
    the kubelet restarts a healthy cainjector again and again.
    """

    def asks_livez(own: Container) -> Condition:
        path = own.livenessProbe.httpGet.path
        return any_of(path == "/livez", path.starts_with("/livez/"))

    return own_containers(deployment.spec.template.spec, "cainjector").none(asks_livez)
