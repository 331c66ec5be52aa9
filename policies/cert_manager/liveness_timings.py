"""cm-liveness-timings"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment

from ._components import controller_or_webhook, own_containers
from ._examples import deployment as example
from ._examples import other_webhook, unlabeled
from ._helm import for_each
from ._liveness_examples import timed
from ._probes import lasts


@rule(
    severity="low",
    match=controller_or_webhook(Deployment),
    message="the liveness probe of {name} restarts it too soon",
    remedy="Raise `failureThreshold`, `periodSeconds` or `timeoutSeconds` in the component's `livenessProbe`",
    helm_values=for_each("livenessProbe.failureThreshold", {"controller": 8, "webhook": 3}),
    controls=[
        "BSI APP.4.4.A11",
        "Datree CONTAINERS_INCORRECT_PERIODSECONDS_VALUE",
        "Datree CONTAINERS_INCORRECT_TIMEOUTSECONDS_VALUE",
        "Datree CONTAINERS_INCORRECT_FAILURETHRESHOLD_VALUE",
    ],
    sources=["Use Liveness Probes: webhook", "Use Liveness Probes: controller"],
    good=[
        timed(periodSeconds=10, failureThreshold=8, timeoutSeconds=15),
        timed(failureThreshold=8, timeoutSeconds=0),
        timed(failureThreshold=6),
        timed(periodSeconds=20),
        timed(periodSeconds=1, failureThreshold=60),
        timed(periodSeconds=60, failureThreshold=1),
        timed(periodSeconds=0, failureThreshold=6),
        timed("webhook"),
        timed("webhook", periodSeconds=6, failureThreshold=5),
        timed("cainjector", failureThreshold=1),
        example(),
        other_webhook(),
    ],
    bad=[
        timed(),
        timed(failureThreshold=5),
        timed(periodSeconds=59, failureThreshold=1),
        timed(periodSeconds=7, failureThreshold=8),
        timed(periodSeconds=0, failureThreshold=5),
        timed(failureThreshold=8, timeoutSeconds=-1),
        timed("webhook", failureThreshold=2),
        timed("webhook", periodSeconds=9),
        timed(periodSeconds="60", failureThreshold=8),
        unlabeled(timed("webhook", periodSeconds=1)),
    ],
)
def liveness_timings(deployment: Deployment, controller_seconds: int = 60, webhook_seconds: int = 30) -> Condition:
    """The liveness probes of cert-manager's controller and webhook are patient.

    A probe is there for a process that hangs for good. One that gives up after a few seconds restarts cert-manager when the
    node is busy or the API server slow, and makes a slow minute an outage.

    Parameters:
        controller_seconds: How long the controller's probe has to fail before the restart: period times failures
        webhook_seconds: The same for the webhook
    """
    pod = deployment.spec.template.spec

    def is_patient(component: str, seconds: int) -> Condition:
        probes = own_containers(pod, component).where(lambda own: own.livenessProbe.exists())
        # The server makes a second of 0.
        return probes.all(
            lambda own: lasts(own.livenessProbe, seconds) & (own.livenessProbe.timeoutSeconds.default(0) >= 0)
        )

    return is_patient("controller", controller_seconds) & is_patient("webhook", webhook_seconds)
