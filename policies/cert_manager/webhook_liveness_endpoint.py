"""cm-webhook-liveness-endpoint"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment

from ._components import own_containers, webhook
from ._examples import container, livez, other_webhook, sidecar, unlabeled
from ._examples import deployment as example
from ._liveness_examples import probed
from ._probes import asks


@rule(
    severity="medium",
    match=webhook(Deployment),
    message="the liveness probe of {name} does not ask the webhook's own health endpoint",
    remedy="Probe `/livez` over HTTP on the port `healthcheck`, as the chart does",
    sources=["Use Liveness Probes: webhook"],
    good=[
        probed(livez("healthcheck"), "webhook"),
        probed(livez(6080, scheme="HTTP"), "webhook"),
        probed(None, "webhook"),
        example("webhook", containers=[sidecar(livenessProbe=livez(8080)), container("webhook")]),
        other_webhook(),
    ],
    bad=[
        probed(livez("https"), "webhook"),
        probed(livez(10250), "webhook"),
        probed(livez("6080"), "webhook"),
        probed(livez("healthcheck", path="/healthz"), "webhook"),
        probed(livez("healthcheck", scheme="HTTPS"), "webhook"),
        probed({"tcpSocket": {"port": 6080}}, "webhook"),
        unlabeled(probed({}, "webhook")),
    ],
)
def webhook_liveness_endpoint(
    deployment: Deployment,
    paths: Sequence[str] = ("/livez",),
    port_names: Sequence[str] = ("healthcheck",),
    port_numbers: Sequence[int] = (6080,),
) -> Condition:
    """The liveness probe of the cert-manager webhook asks `/livez` on its health port.

    The health server runs beside the one that the API server calls, so a webhook that is overloaded still answers there.
    A probe of the webhook's own port restarts it just when it has the most to do.

    Parameters:
        paths: Paths that may be probed
        port_names: Names of the health port
        port_numbers: Numbers of the health port
    """
    return own_containers(deployment.spec.template.spec, "webhook").all(
        lambda own: own.livenessProbe.exists().implies(asks(own.livenessProbe, paths, port_names, port_numbers))
    )
