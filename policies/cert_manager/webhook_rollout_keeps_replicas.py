"""cm-webhook-rollout-keeps-replicas"""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of, rule
from cmpolicy.kinds import Deployment

from ._components import webhook
from ._examples import other_webhook
from ._rollout import leaves_two
from ._rollout_examples import rollout


@rule(
    severity="medium",
    match=webhook(Deployment),
    message="a rollout of {name} leaves fewer than two of its {deployment.spec.replicas.default(1)} pods running",
    helm_values={"webhook.strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}},
    sources=["High Availability: webhook"],
    good=[
        rollout(replicas=3),
        rollout(replicas=1),
        rollout(replicas=None, maxUnavailable=1),
        rollout(replicas=2, maxUnavailable=0),
        rollout(replicas=2, maxUnavailable="49%"),
        rollout(replicas=3, maxUnavailable=1),
        rollout(replicas=3, maxUnavailable="66%", maxSurge=0),
        rollout(replicas=101, maxUnavailable="99%"),
        other_webhook(),
    ],
    bad=[
        rollout("Recreate", replicas=3),
        rollout("Recreate", replicas=1),
        rollout(replicas=2, maxUnavailable=1),
        rollout(replicas=2, maxUnavailable="50%"),
        rollout(replicas=2, maxSurge=0),
        rollout(replicas=3, maxUnavailable=2),
        rollout(replicas=3, maxUnavailable="67%"),
        rollout(replicas=100, maxUnavailable="99%"),
        rollout(replicas=3, maxUnavailable="100%"),
        rollout(replicas=3, maxUnavailable="1"),
    ],
)
def webhook_rollout_keeps_replicas(deployment: Deployment) -> Condition:
    """A rollout of the cert-manager webhook leaves at least two pods running.

    Replicas help only while they run. A strategy that stops all pods, or all but one, makes every upgrade a moment at
    which a single failure rejects all writes to cert-manager resources. A single replica is another rule's finding.
    """
    replicas, strategy = deployment.spec.replicas.default(1), deployment.spec.strategy
    rolling = strategy.rollingUpdate
    # Where nothing may surge and the percentage rounds down to no pod, the Deployment controller takes one away.
    surges = (rolling.maxSurge != 0) & (rolling.maxSurge.percent() != 0)
    return (strategy.type != "Recreate") & any_of(
        replicas < 2,
        leaves_two(rolling.maxUnavailable.default("25%"), replicas) & any_of(replicas > 2, surges),
    )
