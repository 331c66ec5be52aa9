"""cm-cainjector-memory-floor"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment

from ._components import cainjector
from ._examples import deployment as example
from ._examples import sidecar, unlabeled
from ._floors import memory_limit_at_least
from ._resource_examples import limited


@rule(
    severity="low",
    match=cainjector(Deployment),
    message="the cainjector of {name} may take less than {floor} of memory",
    helm_values={"cainjector.resources.limits.memory": "512Mi"},
    sources=["Scalability: Memory"],
    good=[
        limited("cainjector", "128Mi"),
        limited("cainjector", "1G"),
        limited("cainjector", 134217728),
        limited("cainjector", None),
        limited("cainjector", "0"),
        example("cainjector"),
        example("cainjector", containers=[sidecar(resources={"limits": {"memory": "16Mi"}})]),
        limited("controller", "16Mi"),
    ],
    bad=[
        limited("cainjector", "127Mi"),
        limited("cainjector", "128M"),
        limited("cainjector", "much"),
        unlabeled(limited("cainjector", "64Mi")),
    ],
)
def cainjector_memory_floor(deployment: Deployment, floor: str = "128Mi") -> Condition:
    """The memory limit of the cert-manager cainjector leaves room for its cache.

    Unless it is told otherwise it caches Secrets of the whole cluster, so its memory grows with all of them. A limit below
    what the cache takes kills it again and again, and webhooks keep their old CA bundles meanwhile. The floor is where an
    almost empty cluster starts.

    Parameters:
        floor: The lowest memory limit
    """
    return memory_limit_at_least(deployment, "cainjector", floor)
