"""cm-token-volume-present"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._examples import deployment, job, other_webhook, pod, unlabeled
from ._helm import for_every_component
from ._token_examples import OTHER_VOLUME, VOLUME, explicit, explicit_pod, token_volume
from ._tokens import explicit_tokens, token_volumes


@rule(
    severity="critical",
    match=explicit_tokens(),
    message="{kind} {name} mounts no token automatically and has not exactly one token volume, named {volume_name}",
    helm_values=for_every_component("volumes", [token_volume()]),
    sources=["Restrict Auto-Mount of Service Account Tokens", "Best Practice Helm Chart Values"],
    good=[
        explicit(),
        explicit("webhook", volumes=[OTHER_VOLUME, token_volume()]),
        job(**explicit_pod("startupapicheck")),
        pod("cainjector", **explicit_pod("cainjector")),
        deployment(),
        deployment(automountServiceAccountToken=True),
        other_webhook(),
    ],
    bad=[
        explicit(volumes=None),
        explicit(volumes=[]),
        explicit("webhook", volumes=[OTHER_VOLUME]),
        explicit(volumes=[{"name": VOLUME, "emptyDir": {}}]),
        explicit(volumes=[token_volume(), token_volume(name="vault-token")]),
        explicit(volumes=[token_volume(name="other-token")]),
        job(automountServiceAccountToken=False),
        unlabeled(pod(automountServiceAccountToken=False)),
    ],
)
def token_volume_present(workload: Workload, volume_name: str = VOLUME) -> Condition:
    """cert-manager's pods that mount no token automatically bring their own token volume.

    Every component talks to the API server. Without the automatic mount and without a volume in its place it has no
    credentials and cannot start; with two it is unclear which one it uses.

    Parameters:
        volume_name: Name of the token volume
    """
    tokens = token_volumes(workload.pod)
    return (tokens.length() == 1) & tokens.all(lambda volume: volume.name == volume_name)
