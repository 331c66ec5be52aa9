"""cm-namespace-psa-enforce"""

from __future__ import annotations

from cmpolicy.dsl import Condition, in_namespaces, match, rule
from cmpolicy.kinds import Namespace

from ._components import NAMESPACES
from ._namespace_examples import namespace as example

_ENFORCE = "pod-security.kubernetes.io/enforce"


@rule(
    severity="medium",
    match=match(Namespace).where(in_namespaces(NAMESPACES)),
    message="Namespace {name} does not enforce the Pod Security Standard {level}",
    remedy="kubectl label namespace cert-manager pod-security.kubernetes.io/enforce=restricted",
    controls=[
        "CIS 5.2.1",
        "Kyverno policy add-psa-labels",
        "Kyverno policy add-psa-namespace-reporting",
    ],
    sources=["Overview"],
    good=[
        example({_ENFORCE: "restricted"}),
        example({_ENFORCE: "restricted", f"{_ENFORCE}-version": "v1.37"}),
        example({}, name="shop"),
    ],
    bad=[
        example({}),
        example(None),
        example({_ENFORCE: "baseline"}),
        example({_ENFORCE: "privileged"}),
        example({"pod-security.kubernetes.io/warn": "restricted"}),
    ],
)
def namespace_psa_enforce(namespace: Namespace, level: str = "restricted") -> Condition:
    """cert-manager's namespace enforces the Pod Security Standard that its pods meet.

    All its pods meet `restricted` as the chart renders them, so the label costs nothing, and it stops whatever else is
    started next to them with more rights: by mistake, or with a stolen account.

    Parameters:
        level: The standard to enforce; `restricted` is always enough
    """
    enforced = namespace.metadata.labels[_ENFORCE]
    return (enforced == level) | (enforced == "restricted")
