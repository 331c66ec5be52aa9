"""cm-sa-automount-disabled"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import ServiceAccount

from ._components import labeled_objects
from ._examples import service_account
from ._helm import for_every_component


@rule(
    severity="high",
    match=labeled_objects(ServiceAccount),
    message="ServiceAccount {name} mounts its token into every pod that uses it",
    helm_values=for_every_component("serviceAccount.automountServiceAccountToken", False),
    controls=[
        "CIS 5.1.6",
        "NSA: service account tokens (Kubescape C-0034, Trivy 1.11)",
        "BSI APP.4.4.A9",
        "Datree SRVACC_INCORRECT_AUTOMOUNTSERVICEACCOUNTTOKEN_VALUE",
        "Kyverno policy restrict-sa-automount-sa-token",
        "Learnk8s: disable auto-mounting of the default ServiceAccount",
    ],
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[
        service_account("controller", False),
        service_account("startupapicheck", False),
        service_account("webhook", True, namespace="elsewhere"),
        service_account("istio-csr", True),
    ],
    bad=[
        service_account("controller", True),
        service_account("webhook"),
        service_account("cainjector", None),
        service_account("startupapicheck", "false"),
    ],
)
def sa_automount_disabled(account: ServiceAccount) -> Condition:
    """cert-manager's ServiceAccounts do not mount their token by themselves.

    The token of these accounts reads Secrets in the whole cluster. Switched off here, it reaches only the pods and
    containers that ask for it, and no pod that someone starts under the account by mistake. Kubernetes mounts it where
    the field is absent.
    """
    return account.automountServiceAccountToken.is_false()
