"""cm-pod-automount-disabled"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, unlabeled
from ._helm import for_every_component
from ._token_examples import mount, token_volume


@rule(
    severity="high",
    match=every_workload(),
    message="{kind} {name} does not switch the mounting of the ServiceAccount's token off",
    remedy="Bring the token in a volume of its own at the same time, or cert-manager cannot reach the API server",
    helm_values={
        **for_every_component("automountServiceAccountToken", False),
        **for_every_component("volumes", [token_volume()]),
        **for_every_component("volumeMounts", [mount()]),
    },
    controls=[
        "CIS 5.1.6",
        "Kyverno policy restrict-automount-sa-token",
        "Kyverno policy disable-automountserviceaccounttoken",
        "Gatekeeper K8sPSPAutomountServiceAccountTokenPod",
    ],
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[
        deployment(automountServiceAccountToken=False),
        deployment("webhook", automountServiceAccountToken=False),
        job(automountServiceAccountToken=False),
        pod("cainjector", automountServiceAccountToken=False),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment("webhook", automountServiceAccountToken=True),
        deployment(automountServiceAccountToken=None),
        deployment(automountServiceAccountToken="false"),
        job(),
        pod(),
        unlabeled(deployment("cainjector")),
    ],
)
def pod_automount_disabled(workload: Workload) -> Condition:
    """cert-manager's pods do not mount their ServiceAccount's token by themselves.

    A token that Kubernetes mounts goes into every container of the pod, also into sidecars that a service mesh injects.
    Switched off in the pod, it is mounted only where a volume says so, and clusters that refuse pods with the mount
    admit cert-manager. What the ServiceAccount says is not enough: whoever edits it changes every pod at once.
    """
    return workload.pod.automountServiceAccountToken.is_false()
