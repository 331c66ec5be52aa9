"""cm-cpu-floor"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment

from ._components import leader_elected
from ._examples import deployment as example
from ._examples import unlabeled
from ._floors import cpu_request_at_least
from ._helm import for_each
from ._resource_examples import requesting


@rule(
    severity="low",
    match=leader_elected(Deployment),
    message="{name} requests less than {floor} of CPU",
    helm_values=for_each("resources.requests.cpu", dict.fromkeys(("controller", "cainjector"), "50m")),
    sources=["Scalability: CPU"],
    good=[
        requesting("controller", "10m"),
        requesting("cainjector", "0.01"),
        requesting("controller", 1),
        requesting("controller", None),
        requesting("cainjector", 0),
        example(),
        requesting("webhook", "1m"),
    ],
    bad=[
        requesting("controller", "9m"),
        requesting("controller", "8999u"),
        requesting("controller", "few"),
        unlabeled(requesting("controller", "1m")),
    ],
)
def cpu_floor(deployment: Deployment, floor: str = "10m") -> Condition:
    """The CPU requests of the cert-manager controller and cainjector are enough to keep up.

    On a busy node the request is all that a container gets. With next to none the queue of changes grows, certificates are
    renewed late, and the lease runs out before it is renewed. How much is needed grows with how often things change.

    Parameters:
        floor: The lowest CPU request
    """
    controller = cpu_request_at_least(deployment, "controller", floor)
    return controller & cpu_request_at_least(deployment, "cainjector", floor)
