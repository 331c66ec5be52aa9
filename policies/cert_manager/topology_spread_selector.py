"""cm-topology-spread-selector"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule, selects
from cmpolicy.kinds import Deployment

from ._components import long_running
from ._examples import deployment as example
from ._examples import other_webhook, unlabeled
from ._topology import ZONE
from ._topology_examples import selecting, spread

_EXPRESSION = {"key": "app.kubernetes.io/component", "operator": "In", "values": ["controller", "webhook"]}


@rule(
    severity="medium",
    match=long_running(Deployment),
    message="a spread constraint of {name} does not select the pods of {name}",
    remedy="Give each constraint a `labelSelector` with the labels of the component's own pods",
    sources=["High Availability: Topology Spread Constraints"],
    good=[
        example(),
        example(topologySpreadConstraints=[spread(selector=selecting()), spread(ZONE, selecting())]),
        example("webhook", topologySpreadConstraints=[spread(selector={"matchExpressions": [_EXPRESSION]})]),
        example("cainjector", topologySpreadConstraints=[spread(selector={})]),
        other_webhook(),
    ],
    bad=[
        example(topologySpreadConstraints=[spread()]),
        example(topologySpreadConstraints=[spread(selector=selecting()), spread(ZONE)]),
        example("webhook", topologySpreadConstraints=[spread(selector=selecting("controller"))]),
        example("cainjector", topologySpreadConstraints=[spread(selector={"matchExpressions": [_EXPRESSION]})]),
        example(topologySpreadConstraints=[spread(selector={"matchLabels": {"app": "cert-manager"}})]),
        unlabeled(example(topologySpreadConstraints=[spread(selector={"matchLabels": {"app": None, "tier": "x"}})])),
    ],
)
def topology_spread_selector(deployment: Deployment) -> Condition:
    """Each spread constraint of cert-manager counts the pods that it is meant to spread.

    The scheduler counts the pods that a constraint selects. One without a selector selects none, and one that was copied
    from another component counts that component's pods: in both cases all replicas may end up on one node.
    """
    template = deployment.spec.template
    return template.spec.topologySpreadConstraints.all(
        lambda constraint: selects(constraint.labelSelector, template.metadata.labels)
    )
