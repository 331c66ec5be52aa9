"""cm-cainjector-scope-not-shared"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, flag, known, none_of, rule, switch, where_known
from cmpolicy.kinds import (
    APIService,
    Container,
    CustomResourceDefinition,
    Deployment,
    MutatingWebhookConfiguration,
    ObjectMeta,
    ValidatingWebhookConfiguration,
)

from ._command_examples import cainjector_with
from ._components import cainjector, own_containers
from ._examples import deployment as example
from ._injection_examples import annotated

_FROM_SECRET = "cert-manager.io/inject-ca-from-secret"
_FROM_CERTIFICATE = "cert-manager.io/inject-ca-from"
_FALSE = ["0", "f", "F", "false", "False", "FALSE"]
"""What Go's `strconv.ParseBool` takes for false."""
_SCOPED = cainjector_with("--namespace=cert-manager")
_WITHOUT_CERTIFICATES = cainjector_with("--enable-certificates-data-source=false")


_WEBHOOK = "ValidatingWebhookConfiguration"
_OWN = annotated(_WEBHOOK, "cert-manager-webhook", _FROM_SECRET, "cert-manager/cert-manager-webhook-ca")
_FOREIGN = annotated(_WEBHOOK, "shop", _FROM_CERTIFICATE, "shop/serving-cert")
_FOREIGN_SECRET = annotated("MutatingWebhookConfiguration", "shop", _FROM_SECRET, "shop/ca")


@rule(
    severity="high",
    match=cainjector(Deployment),
    message="{name} no longer serves other software that asks it for CA bundles",
    remedy="Take `--namespace` and `--enable-certificates-data-source=false` out of `cainjector.extraArgs`",
    sources=["Scalability: Memory"],
    profiles=("relations",),
    good=[
        where_known(_SCOPED, _OWN),
        where_known(_SCOPED, _OWN, annotated("APIService", "v1.shop", _FROM_SECRET, "cert-manager/shop-ca")),
        where_known(_WITHOUT_CERTIFICATES, _OWN, annotated("APIService", "v1.shop", "other.io/inject", "shop/ca")),
        where_known(cainjector_with("--v=2"), _OWN, _FOREIGN, _FOREIGN_SECRET),
        where_known(cainjector_with("--namespace=cert-manager", "--namespace="), _FOREIGN),
        where_known(cainjector_with("--enable-certificates-data-source=T"), _FOREIGN),
        where_known(_WITHOUT_CERTIFICATES, _FOREIGN_SECRET),
        _SCOPED,
        where_known(example("controller"), _FOREIGN),
    ],
    bad=[
        where_known(_SCOPED, _OWN, _FOREIGN),
        where_known(_SCOPED, _FOREIGN_SECRET),
        where_known(_WITHOUT_CERTIFICATES, _FOREIGN),
        where_known(_WITHOUT_CERTIFICATES, annotated("APIService", "v1.shop", _FROM_CERTIFICATE, "shop/api")),
        where_known(_SCOPED, annotated("CustomResourceDefinition", "carts.shop.io", _FROM_CERTIFICATE, "shop/crd")),
        where_known(cainjector_with("--namespace", "pki", namespace="pki"), _FOREIGN_SECRET),
        where_known(cainjector_with("--enable-certificates-data-source=0"), _FOREIGN),
    ],
)
def cainjector_scope_not_shared(
    deployment: Deployment,
    own_names: Sequence[str] = ("cert-manager-webhook",),
    own_secrets: str = "cert-manager/",
) -> Condition:
    """A cainjector that others depend on is not confined to cert-manager's own needs.

    The flags that spare memory stop it from reading Certificates, or anything outside its namespace. Webhooks, CRDs and
    APIServices of other software that ask it for their CA bundle by annotation then keep an old one, and stop working
    when it runs out. Where no such object is known the rule passes, also if that software is only installed later.

    Parameters:
        own_names: Names of cert-manager's own webhook configurations
        own_secrets: Start of the names of Secrets that a confined cainjector still reads
    """
    own = own_containers(deployment.spec.template.spec, "cainjector")

    def is_scoped(container: Container) -> Condition:
        return flag(container.args, "namespace").default("") != ""

    def ignores_certificates(container: Container) -> Condition:
        return switch(container.args, "enable-certificates-data-source").is_in(_FALSE)

    def asks(metadata: ObjectMeta) -> Condition:
        from_certificate = metadata.annotations.has(_FROM_CERTIFICATE)
        from_secret = metadata.annotations[_FROM_SECRET]
        elsewhere = from_secret.exists() & ~from_secret.starts_with(own_secrets)
        scoped, ignoring = own.any(is_scoped), own.any(ignores_certificates)
        depends = (from_certificate & (scoped | ignoring)) | (elsewhere & scoped)
        return ~metadata.name.is_in(own_names) & depends

    return none_of(
        known(ValidatingWebhookConfiguration).any(lambda each: asks(each.metadata)),
        known(MutatingWebhookConfiguration).any(lambda each: asks(each.metadata)),
        known(CustomResourceDefinition).any(lambda each: asks(each.metadata)),
        known(APIService).any(lambda each: asks(each.metadata)),
    )
