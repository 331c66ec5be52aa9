"""cmv-cainjector-namespace-scoped"""

from __future__ import annotations

from cmpolicy.dsl import Condition, flag, given, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import LISTS
from ._examples import OFF, values

_POD_NAMESPACE = "$(POD_NAMESPACE)"
"""The chart sets the variable to the pod's own namespace."""


def _with(*arguments: str) -> dict[str, list[str]]:
    return {"extraArgs": list(arguments)}


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="the cainjector does not watch its own namespace alone",
    remedy=LISTS,
    helm_values={"cainjector.extraArgs": [f"--namespace={_POD_NAMESPACE}"]},
    sources=["Scalability: Memory"],
    profiles=("best-practice",),
    good=[
        values(cainjector=_with("--namespace=cert-manager")),
        values(cainjector=_with("--v=3", "--namespace", "cert-manager")),
        values(cainjector=_with(f"--namespace={_POD_NAMESPACE}")),
        values(namespace="pki", cainjector=_with("--namespace=pki")),
        values(cainjector=OFF),
    ],
    bad=[
        values(),
        values(extraArgs=["--namespace=cert-manager"]),
        values(cainjector=_with("--namespace=other")),
        values(cainjector=_with("--namespace=cert-manager", "--namespace=")),
        values(namespace="pki", cainjector=_with("--namespace=cert-manager")),
    ],
)
def cainjector_namespace_scoped(
    values: CertManagerValues, namespace: str = "cert-manager", exclusive: bool = True
) -> Condition:
    """The values let a cainjector that serves cert-manager alone watch only its own namespace.

    It spares the memory, and the copies of foreign Secrets. Where the release goes to is not in the values, but for
    `namespace`, which goes before the parameter.

    Parameters:
        namespace: The namespace that cert-manager is installed in
        exclusive: Nothing but cert-manager's webhook depends on the cainjector; if false, the rule asks for nothing
    """
    watched = flag(values.cainjector.extraArgs, "namespace")
    says_none = values.namespace.default("") == ""
    own = (says_none & (watched == namespace)) | (~says_none & (watched == values.namespace))
    return given(exclusive).implies(values.cainjector.enabled.is_false() | own | (watched == _POD_NAMESPACE))
