"""cm-controller-liveness"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment

from ._components import controller, own_containers
from ._controls import LIVENESS
from ._examples import container, livez, sidecar, unlabeled
from ._examples import deployment as example

_PROBED = container("controller", livenessProbe=livez("http-healthz"))


@rule(
    severity="high",
    match=controller(Deployment),
    message="the controller's container in {name} has no liveness probe",
    helm_values={"livenessProbe.enabled": True},
    controls=LIVENESS,
    sources=["Use Liveness Probes: controller"],
    good=[
        example(containers=[_PROBED]),
        example(containers=[sidecar(), {**_PROBED, "name": "renamed"}]),
        example("cainjector"),
        example(namespace="elsewhere", containers=[sidecar()]),
    ],
    bad=[
        example(),
        example(containers=[{**_PROBED, "livenessProbe": None}]),
        example(containers=[container("controller", startupProbe=livez("http-healthz"))]),
        example(containers=[sidecar(livenessProbe=livez("http-healthz")), container("controller")]),
        example(containers="none"),
        unlabeled(example()),
    ],
)
def controller_liveness(deployment: Deployment) -> Condition:
    """The cert-manager controller has a liveness probe.

    It exits by itself when it loses its lease, so the probe is for what should not happen: a thread that deadlocks, or
    a clock that jumped after the node slept. A controller in that state holds the lease and issues nothing. The chart
    has the probe since v1.12 and enables it since v1.14.
    """
    return own_containers(deployment.spec.template.spec, "controller").any(
        lambda container: container.livenessProbe.exists()
    )
