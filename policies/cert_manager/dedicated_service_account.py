"""cm-dedicated-service-account"""

from __future__ import annotations

from cmpolicy.dsl import Condition, String, Workload, rule

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, unlabeled
from ._helm import for_every_component


@rule(
    severity="medium",
    match=every_workload(),
    message="{kind} {name} runs under the namespace's default ServiceAccount",
    helm_values=for_every_component("serviceAccount.create", True),
    controls=["CIS 5.1.5", "BSI APP.4.4.A9", "Datree CIS_INVALID_VALUE_AUTOMOUNTSERVICEACCOUNTTOKEN"],
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[
        deployment(serviceAccountName="cert-manager"),
        deployment("webhook", serviceAccount="cert-manager-webhook"),
        job(serviceAccountName="cert-manager-startupapicheck"),
        pod("cainjector", serviceAccountName="cert-manager-cainjector", serviceAccount="default"),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment(serviceAccountName=None),
        deployment("webhook", serviceAccountName="default"),
        deployment(serviceAccountName=""),
        deployment(serviceAccountName=["cert-manager"]),
        job(serviceAccount="default"),
        unlabeled(pod("cainjector")),
    ],
)
def dedicated_service_account(workload: Workload) -> Condition:
    """cert-manager's pods run under ServiceAccounts of their own.

    Rights that are given to the default account of a namespace are those of every pod that names no account: whoever may
    start a pod there reads the cluster's Secrets with cert-manager's rights.
    """

    def is_own(account: String) -> Condition:
        return account.matches("^[a-z0-9]") & (account != "default")

    name, old_name = workload.pod.serviceAccountName, workload.pod.serviceAccount
    return is_own(name) | (name.absent() & is_own(old_name))
