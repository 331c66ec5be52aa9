"""cm-liveness-not-readiness"""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of, none_of, rule
from cmpolicy.kinds import Container, Deployment

from ._components import own_containers, webhook
from ._examples import livez, other_webhook, unlabeled
from ._liveness_examples import probed

_LIVE, _READY = livez("healthcheck"), livez("healthcheck", path="/healthz")
_ROOT = ["", "/"]
"""Paths that the server makes `/` of."""
_SOCKET = {"tcpSocket": {"port": 10250}}


@rule(
    severity="low",
    match=webhook(Deployment),
    message="the liveness probe of {name} asks what the readiness probe asks",
    remedy="Let the liveness probe ask `/livez` and the readiness probe `/healthz`, as the chart does",
    controls=[
        "Kyverno policy validate-probes",
        "Learnk8s: the values for liveness probe aren't the same as the readiness",
    ],
    sources=["Use Liveness Probes: Background Information"],
    good=[
        probed(_LIVE, "webhook", readinessProbe=_READY),
        probed(_LIVE, "webhook"),
        probed(None, "webhook", readinessProbe=_READY),
        probed(_LIVE, "webhook", readinessProbe=livez("https")),
        probed(_SOCKET, "webhook", readinessProbe={"tcpSocket": {"port": 6080}}),
        other_webhook(),
    ],
    bad=[
        probed(_LIVE, "webhook", readinessProbe=_LIVE),
        probed(_READY, "webhook", readinessProbe={**_READY, "periodSeconds": 5}),
        probed({"httpGet": {"port": 6080}}, "webhook", readinessProbe={"httpGet": {"port": 6080, "path": "/"}}),
        probed(
            {"httpGet": {"port": 6080, "path": ""}}, "webhook", readinessProbe={"httpGet": {"port": 6080, "path": "/"}}
        ),
        probed(_SOCKET, "webhook", readinessProbe=_SOCKET),
        unlabeled(probed(_LIVE, "webhook", readinessProbe=_LIVE)),
    ],
)
def liveness_not_readiness(deployment: Deployment) -> Condition:
    """The liveness probe of the cert-manager webhook asks something else than its readiness probe.

    A pod that is not ready gets no requests and recovers; one that is not alive is restarted. Where both probes ask the
    same, the kubelet restarts the webhook for what it would have got over, and all replicas at once.
    """

    def asks_the_same(own: Container) -> Condition:
        live, ready = own.livenessProbe, own.readinessProbe
        is_root = live.httpGet.path.default("").is_in(_ROOT) & ready.httpGet.path.default("").is_in(_ROOT)
        same_path = is_root | (live.httpGet.path == ready.httpGet.path)
        return any_of(
            same_path & (live.httpGet.port == ready.httpGet.port),
            live.tcpSocket.port == ready.tcpSocket.port,
        )

    return none_of(own_containers(deployment.spec.template.spec, "webhook").any(asks_the_same))
