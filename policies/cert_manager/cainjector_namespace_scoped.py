"""cm-cainjector-namespace-scoped"""

from __future__ import annotations

from cmpolicy.dsl import Condition, flag, given, rule, text_of
from cmpolicy.kinds import Container, Deployment

from ._cainjector_examples import FROM_NAMESPACE, cainjector_with
from ._components import cainjector, own_containers
from ._examples import deployment as example
from ._examples import sidecar

_POD_NAMESPACE = "$(POD_NAMESPACE)"


@rule(
    severity="medium",
    match=cainjector(Deployment),
    message="{name} does not watch its own namespace {namespace} alone",
    helm_values={"cainjector.extraArgs": [text_of("--namespace={namespace}")]},
    sources=["Scalability: Memory"],
    profiles=("exclusive-cainjector",),
    good=[
        cainjector_with("--v=2", "--namespace=cert-manager"),
        cainjector_with("--namespace", "cert-manager"),
        cainjector_with("--namespace=", "--namespace=cert-manager"),
        cainjector_with("--namespace=$(POD_NAMESPACE)", env=[FROM_NAMESPACE]),
        cainjector_with("--namespace=pki", namespace="pki"),
        example("controller"),
    ],
    bad=[
        cainjector_with("--v=2"),
        cainjector_with("--namespace=cert-manager", "--namespace="),
        cainjector_with("--namespace=cert-manager", namespace="pki"),
        cainjector_with("--namespace", "--v=2"),
        cainjector_with("--namespace"),
        cainjector_with("-namespace=cert-manager", "--namespaces=cert-manager"),
        cainjector_with("--namespace=$(POD_NAMESPACE)", env=[{"name": "POD_NAMESPACE", "value": "default"}]),
        example("cainjector", containers=[sidecar(args=["--namespace=cert-manager"])]),
        example("cainjector"),
    ],
)
def cainjector_namespace_scoped(deployment: Deployment, exclusive: bool = True) -> Condition:
    """A cainjector that serves cert-manager alone watches only its own namespace.

    By default it caches Secrets and Certificates of the whole cluster to find CA bundles that other software might ask
    it to inject. Where nothing but cert-manager's webhook does, all it needs is in its own namespace, and the flag
    spares the memory and the copies of foreign Secrets.

    Parameters:
        exclusive: Nothing but cert-manager's webhook depends on the cainjector; if false, the rule asks for nothing
    """

    def is_scoped(container: Container) -> Condition:
        watched = flag(container.args, "namespace")
        own_name_in_env = container.env.any(
            lambda env: (env.name == "POD_NAMESPACE") & (env.valueFrom.fieldRef.fieldPath == "metadata.namespace")
        )
        return (watched == deployment.metadata.namespace) | ((watched == _POD_NAMESPACE) & own_name_in_env)

    own = own_containers(deployment.spec.template.spec, "cainjector")
    return given(exclusive).implies(own.any(is_scoped))
