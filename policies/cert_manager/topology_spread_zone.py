"""cm-topology-spread-zone"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment

from ._components import LONG_RUNNING, long_running
from ._controls import TOPOLOGY
from ._examples import deployment as example
from ._examples import other_webhook, unlabeled
from ._helm import for_each
from ._topology import HOSTNAME, ZONE, spreads_over
from ._topology_examples import preferred, required, selecting, spread, term


@rule(
    severity="low",
    match=long_running(Deployment),
    message="nothing keeps the replicas of {name} on different zones",
    helm_values=for_each("topologySpreadConstraints", {each: [spread(ZONE, selecting(each))] for each in LONG_RUNNING}),
    controls=[*TOPOLOGY, "BSI APP.4.4.A19"],
    sources=["High Availability: Topology Spread Constraints"],
    profiles=("topology",),
    good=[
        example(topologySpreadConstraints=[spread(ZONE, selecting())]),
        example("webhook", topologySpreadConstraints=[spread(HOSTNAME), spread(ZONE, when="DoNotSchedule")]),
        example("cainjector", affinity=required("podAntiAffinity", term(ZONE))),
        example(affinity=preferred("podAntiAffinity", term(HOSTNAME), term(ZONE))),
        other_webhook(),
    ],
    bad=[
        example(),
        example("webhook", topologySpreadConstraints=[]),
        example(topologySpreadConstraints=[spread(HOSTNAME, selecting())]),
        example(affinity=required("podAffinity", term(ZONE))),
        unlabeled(example("cainjector", topologySpreadConstraints=None)),
    ],
)
def topology_spread_zone(deployment: Deployment) -> Condition:
    """cert-manager's replicas are spread over zones.

    If the data center of the active replica fails, one in another zone takes over at once. Since Kubernetes 1.24 the
    scheduler spreads replicas by itself, and a constraint says so where that default was replaced.
    """
    return spreads_over(deployment.spec.template.spec, ZONE)
