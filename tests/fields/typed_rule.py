"""A rule as an author writes it; the tests break it in several ways and ask the type checker."""

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment


@rule(
    severity="high",
    match=Deployment,
    message="{deployment.spec.replicas} replicas",
    good=[{"apiVersion": "apps/v1", "kind": "Deployment"}],
    bad=[{"apiVersion": "apps/v1", "kind": "Deployment"}],
)
def enough_replicas(deployment: Deployment, minimum: int = 3) -> Condition:
    """Deployments run enough replicas, off the host's network, and are probed."""
    probed = deployment.spec.template.spec.containers.all(lambda c: c.livenessProbe.exists())
    on_host = deployment.spec.template.spec.hostNetwork.is_true()
    return (deployment.spec.replicas >= minimum) & probed & ~on_host
