"""cm-cainjector-no-certificate-source"""

from __future__ import annotations

from cmpolicy.dsl import Condition, given, rule, switch
from cmpolicy.kinds import Deployment

from ._command_examples import cainjector_with, controller_with
from ._components import cainjector, own_containers
from ._examples import deployment as example
from ._examples import sidecar, unlabeled

_FLAG = "--enable-certificates-data-source"


@rule(
    severity="medium",
    match=cainjector(Deployment),
    message="{name} watches Certificates that it does not need",
    helm_values={"cainjector.extraArgs": [f"{_FLAG}=false"]},
    sources=["Scalability: Memory"],
    profiles=("best-practice",),
    good=[
        cainjector_with("--v=2", f"{_FLAG}=false"),
        cainjector_with(f"{_FLAG}=False"),
        cainjector_with(f"{_FLAG}=0"),
        cainjector_with(_FLAG, f"{_FLAG}=f"),
        controller_with("--v=2"),
    ],
    bad=[
        cainjector_with("--v=2"),
        cainjector_with(_FLAG),
        cainjector_with(f"{_FLAG}=true"),
        cainjector_with(_FLAG, "false"),
        cainjector_with(f"{_FLAG}=false", f"{_FLAG}=1"),
        cainjector_with(f"{_FLAG}=no"),
        example("cainjector", containers=[sidecar(args=[f"{_FLAG}=false"])]),
        unlabeled(example("cainjector")),
    ],
)
def cainjector_no_certificate_source(deployment: Deployment, exclusive: bool = True) -> Condition:
    """A cainjector that serves cert-manager alone does not watch Certificates.

    The CA bundle of cert-manager's own webhook comes from a Secret. Certificates are looked up only for other software
    that asks for their CA, and every one in the cluster is kept in memory for that.

    Parameters:
        exclusive: Nothing but cert-manager's webhook depends on the cainjector; if false, the rule asks for nothing
    """
    own = own_containers(deployment.spec.template.spec, "cainjector")
    without = own.any(lambda container: switch(container.args, "enable-certificates-data-source").is_off())
    return given(exclusive).implies(without)
