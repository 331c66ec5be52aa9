"""The three sources of a token volume, as Kubernetes itself would mount them."""

from __future__ import annotations

from cmpolicy.dsl import Condition
from cmpolicy.kinds import VolumeProjection


def is_token(source: VolumeProjection) -> Condition:
    """The ServiceAccount's token for the API server, in the file `token`."""
    token = source.serviceAccountToken
    return (token.path == "token") & (token.audience.default("") == "")


def is_ca(source: VolumeProjection) -> Condition:
    """The cluster's CA, in the file `ca.crt` and nothing else."""
    items = source.configMap.items
    only_ca = (items.length() == 1) & items.all(lambda item: (item.key == "ca.crt") & (item.path == "ca.crt"))
    return (source.configMap.name == "kube-root-ca.crt") & only_ca


def is_namespace(source: VolumeProjection) -> Condition:
    """The pod's namespace, in the file `namespace` and nothing else."""
    items = source.downwardAPI.items
    return (items.length() == 1) & items.all(
        lambda item: (item.path == "namespace")
        & (item.fieldRef.fieldPath == "metadata.namespace")
        & (item.fieldRef.apiVersion.default("v1") == "v1")
    )
