"""cm-token-volume-sources"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, given, rule
from cmpolicy.kinds import Volume

from ._examples import deployment, job, pod, unlabeled
from ._helm import for_every_component
from ._token_examples import CA, NAMESPACE, TOKEN, explicit, explicit_pod, token, token_volume
from ._token_sources import is_ca, is_namespace, is_token
from ._token_sources_examples import ca, namespace_file, of
from ._tokens import explicit_tokens, token_volumes


@rule(
    severity="high",
    match=explicit_tokens(),
    message="the token volume of {kind} {name} does not hold exactly the token, the CA and the namespace",
    helm_values=for_every_component("volumes", [token_volume()]),
    sources=["Restrict Auto-Mount of Service Account Tokens", "Best Practice Helm Chart Values"],
    good=[
        pod(**explicit_pod()),
        of(TOKEN, CA, NAMESPACE),
        of(NAMESPACE, TOKEN, CA),
        of(token(audience=""), CA, namespace_file(apiVersion=None)),
        of(token(expirationSeconds=None), CA, NAMESPACE),
        explicit(volumes=[]),
        job(**explicit_pod("startupapicheck")),
        deployment(volumes=[token_volume(TOKEN)]),
    ],
    bad=[
        job(**explicit_pod("startupapicheck", volumes=[token_volume(TOKEN)])),
        of(TOKEN),
        of(TOKEN, CA),
        of(TOKEN, CA, NAMESPACE, {"secret": {"name": "more"}}),
        of(TOKEN, CA, {"secret": {"name": "more"}}),
        of(TOKEN, CA, NAMESPACE, NAMESPACE),
        of(token(audience="vault"), CA, NAMESPACE),
        of(token(path="jwt"), CA, NAMESPACE),
        of(TOKEN, ca(name="own-ca"), NAMESPACE),
        of(TOKEN, ca(items=None), NAMESPACE),
        of(TOKEN, ca(items=[{"key": "ca.crt", "path": "ca.crt"}, {"key": "x", "path": "x"}]), NAMESPACE),
        of(TOKEN, ca(items=[{"key": "ca.crt", "path": "ca.pem"}]), NAMESPACE),
        of(TOKEN, CA, namespace_file(fieldPath="metadata.name")),
        of(TOKEN, CA, namespace_file(apiVersion="v2")),
        unlabeled(pod(**explicit_pod(volumes=[token_volume(), token_volume(TOKEN, name="second")]))),
    ],
)
def token_volume_sources(workload: Workload, allow_extra: bool = False) -> Condition:
    """The token volume holds exactly what Kubernetes would have mounted.

    Clients look for three files at a fixed place: the token for the API server, the cluster's CA and the pod's
    namespace. One that is missing or named otherwise breaks them, a token for another audience is refused, and
    anything more lies where every process of the pod can read it.

    Parameters:
        allow_extra: Accept more sources beside the three
    """

    def holds_the_three(volume: Volume) -> Condition:
        sources = volume.projected.sources
        the_three = sources.one(is_token) & sources.one(is_ca) & sources.one(is_namespace)
        return the_three & (given(allow_extra) | (sources.length() == 3))

    return token_volumes(workload.pod).all(holds_the_three)
