"""cm-pod-automount-effective"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, any_of, others, rule, where_known
from cmpolicy.kinds import ServiceAccount

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, service_account, unlabeled
from ._helm import for_every_component

_ACCOUNT = "cert-manager"
_OFF, _ON = service_account("controller", False), service_account("controller", True)
_DEFAULT = {**_OFF, "metadata": {"name": "default", "namespace": "cert-manager"}}


@rule(
    severity="high",
    match=every_workload(),
    message="neither {kind} {name} nor its ServiceAccount switches the mounting of the token off",
    remedy="Bring the token in a volume of its own at the same time, or cert-manager cannot reach the API server",
    helm_values=for_every_component("serviceAccount.automountServiceAccountToken", False),
    controls=["CIS 5.1.6", "Kyverno policy restrict-automount-sa-token"],
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    profiles=("effective-automount",),
    good=[
        where_known(deployment(serviceAccountName=_ACCOUNT), _OFF),
        where_known(deployment(serviceAccountName=_ACCOUNT, automountServiceAccountToken=False), _ON),
        where_known(pod(serviceAccountName=_ACCOUNT), _OFF),
        where_known(deployment(), _ON, _DEFAULT),
        where_known(job(serviceAccountName=_ACCOUNT), _OFF),
        deployment(automountServiceAccountToken=False),
        other_webhook(),
    ],
    bad=[
        where_known(deployment(serviceAccountName=_ACCOUNT, automountServiceAccountToken=True), _OFF),
        where_known(deployment(serviceAccountName=_ACCOUNT), _ON),
        where_known(deployment(serviceAccountName=_ACCOUNT), service_account("controller")),
        where_known(deployment(serviceAccountName="other"), _OFF),
        where_known(deployment(), _OFF),
        where_known(pod("webhook", serviceAccountName=_ACCOUNT), service_account("controller", None)),
        where_known(unlabeled(deployment(serviceAccountName=_ACCOUNT)), _OFF),
        job(serviceAccountName=_ACCOUNT),
        pod(),
    ],
)
def pod_automount_effective(workload: Workload) -> Condition:
    """cert-manager's pods mount no token by themselves, whether they say so or their ServiceAccount does.

    What the pod says counts, and where it says nothing what its ServiceAccount says. This is the mild form of
    `cm-pod-automount-disabled`, for charts that set only the account: use one of the two. Where the account is not
    known, a pod that says nothing fails, since Kubernetes then mounts the token.
    """
    own = workload.pod.automountServiceAccountToken
    account = workload.pod.serviceAccountName.default("default")
    by_account = others(ServiceAccount, beside=workload).any(
        lambda each: (each.metadata.name == account) & each.automountServiceAccountToken.is_false()
    )
    return any_of(own.is_false(), own.absent() & by_account)
