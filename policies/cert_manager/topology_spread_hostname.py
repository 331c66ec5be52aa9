"""cm-topology-spread-hostname"""

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
    message="nothing keeps the replicas of {name} on different nodes",
    helm_values=for_each(
        "topologySpreadConstraints", {each: [spread(HOSTNAME, selecting(each))] for each in LONG_RUNNING}
    ),
    controls=TOPOLOGY,
    sources=["High Availability: Topology Spread Constraints"],
    profiles=("topology",),
    good=[
        example(topologySpreadConstraints=[spread(HOSTNAME, selecting())]),
        example("webhook", topologySpreadConstraints=[spread(ZONE), spread(HOSTNAME, when="DoNotSchedule")]),
        example("cainjector", affinity=required("podAntiAffinity", term(HOSTNAME))),
        example(affinity=preferred("podAntiAffinity", term(ZONE), term(HOSTNAME))),
        other_webhook(),
    ],
    bad=[
        example(),
        example("webhook", topologySpreadConstraints=[]),
        example(topologySpreadConstraints=[spread(ZONE, selecting())]),
        example(affinity=required("podAffinity", term(HOSTNAME))),
        unlabeled(example("cainjector", topologySpreadConstraints=None)),
    ],
)
def topology_spread_hostname(deployment: Deployment) -> Condition:
    """cert-manager's replicas are spread over nodes.

    A standby on the leader's node is lost together with it. Since Kubernetes 1.24 the scheduler spreads replicas by itself,
    and a constraint says so where that default was replaced.
    """
    return spreads_over(deployment.spec.template.spec, HOSTNAME)
