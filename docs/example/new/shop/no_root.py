"""shop-no-root"""

from __future__ import annotations

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import Deployment


def example(**contexts: dict[str, object]) -> dict[str, object]:
    lists = {name: [{"name": "main", "image": "shop/cart:1", "securityContext": it}] for name, it in contexts.items()}
    metadata = {"name": "cart"}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"template": {"spec": lists}}}


@rule(
    severity="high",
    match=match(Deployment),
    message="{name} has a container that may run as root",
    remedy="Set `runAsNonRoot: true` for each container",
    good=[example(containers={"runAsNonRoot": True})],
    bad=[example(containers={})],
)
def no_root(deployment: Deployment) -> Condition:
    """Containers do not run as root.

    Root in a container is root on its node as soon as one wall falls.
    """
    pod = deployment.spec.template.spec
    return pod.containers.all(lambda container: container.securityContext.runAsNonRoot.is_true())
