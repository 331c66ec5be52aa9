"""cm-controller-memory-floor"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Deployment

from ._components import controller
from ._examples import deployment as example
from ._examples import sidecar, unlabeled
from ._floors import memory_limit_at_least
from ._resource_examples import limited


@rule(
    severity="low",
    match=controller(Deployment),
    message="the controller of {name} may take less than {floor} of memory",
    helm_values={"resources.limits.memory": "512Mi"},
    sources=["Scalability: Memory"],
    good=[
        limited("controller", "128Mi"),
        limited("controller", "1G"),
        limited("controller", 134217728),
        limited("controller", None),
        limited("controller", "0"),
        example("controller"),
        example("controller", containers=[sidecar(resources={"limits": {"memory": "16Mi"}})]),
        limited("cainjector", "16Mi"),
    ],
    bad=[
        limited("controller", "127Mi"),
        limited("controller", "128M"),
        limited("controller", "much"),
        unlabeled(limited("controller", "64Mi")),
    ],
)
def controller_memory_floor(deployment: Deployment, floor: str = "128Mi") -> Condition:
    """The memory limit of the cert-manager controller leaves room for its cache.

    It caches Secrets and Certificates of the whole cluster, and CertificateRequests for as long as they exist. A limit below
    what the cache takes kills the controller again and again, each time before it has issued anything. The floor is where an
    almost empty cluster starts: raise it with the number of certificates.

    Parameters:
        floor: The lowest memory limit
    """
    return memory_limit_at_least(deployment, "controller", floor)
