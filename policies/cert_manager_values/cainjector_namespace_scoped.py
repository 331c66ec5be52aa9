"""cmv-cainjector-namespace-scoped"""

from __future__ import annotations

from cmpolicy.dsl import Condition, flag, match, rule, text_of
from cmpolicy.kinds import CertManagerValues

from ._examples import values


@rule(
    severity="low",
    match=match(CertManagerValues),
    message="{name} does not pass --namespace={namespace} in cainjector.extraArgs",
    helm_values={"cainjector.extraArgs": [text_of("--namespace={namespace}")]},
    sources=["Scalability: Memory"],
    good=[values(cainjector={"extraArgs": ["--namespace=cert-manager"]}), values(cainjector={"enabled": False})],
    bad=[values(), values(cainjector={"extraArgs": ["--namespace=other"]})],
)
def cainjector_namespace_scoped(values: CertManagerValues, namespace: str = "cert-manager") -> Condition:
    """The values let the cainjector watch its own namespace alone.

    It spares memory where nothing but cert-manager depends on the cainjector; else leave the rule out.

    Parameters:
        namespace: The namespace that cert-manager is installed in
    """
    return (flag(values.cainjector.extraArgs, "namespace") == namespace) | values.cainjector.enabled.is_false()
