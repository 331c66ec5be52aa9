"""cm-webhook-liveness"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment

from ._components import own_containers, webhook
from ._controls import LIVENESS
from ._examples import container, livez, other_webhook, sidecar, unlabeled
from ._examples import deployment as example

_PROBED = container("webhook", livenessProbe=livez("healthcheck"))
_UNPROBED = container("webhook", readinessProbe=livez("healthcheck"))


@rule(
    severity="high",
    match=webhook(Deployment),
    message="the webhook's container in {name} has no liveness probe",
    helm_values={"webhook.livenessProbe.periodSeconds": 10},
    controls=LIVENESS,
    sources=["Use Liveness Probes: webhook"],
    good=[
        example("webhook", containers=[_PROBED]),
        example("webhook", containers=[sidecar(), {**_PROBED, "name": "renamed"}]),
        example("webhook", containers=[{**_PROBED, "image": "registry.example.com/mirror@sha256:0000"}]),
        other_webhook(),
    ],
    bad=[
        example("webhook"),
        example("webhook", containers=[_UNPROBED]),
        example("webhook", containers=[{**_UNPROBED, "livenessProbe": None}]),
        example("webhook", containers=[sidecar(livenessProbe=livez("healthcheck")), _UNPROBED]),
        example("webhook", initContainers=[_PROBED]),
        example("webhook", containers=None),
        unlabeled(example("webhook")),
    ],
)
def webhook_liveness(deployment: Deployment) -> Condition:
    """The cert-manager webhook has a liveness probe.

    A webhook that hangs still holds its port, and the API server waits for it at every write to a cert-manager
    resource. The probe lets the kubelet restart it. The chart always renders one; this tells when a patch dropped it.
    """
    return own_containers(deployment.spec.template.spec, "webhook").any(
        lambda container: container.livenessProbe.exists()
    )
