"""The object that an API server makes of a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

from cmpolicy import ir
from cmpolicy.admission.creation import created
from cmpolicy.admission.encoding import encoded
from cmpolicy.admission.fills import inside, otherwise
from cmpolicy.admission.plugins import PLUGINS
from cmpolicy.evaluate import NOTHING
from cmpolicy.evaluate.known import DEFAULT_NAMESPACE
from cmpolicy.fields import index
from cmpolicy.values import JsonMap

VERSION = "1.37"
"""The Kubernetes version whose server this is."""

_NAMES = """
    APIService ClusterRole ClusterRoleBinding ConfigMap CronJob CustomResourceDefinition DaemonSet Deployment
    HorizontalPodAutoscaler Ingress IngressClass Job Lease LimitRange MutatingWebhookConfiguration Namespace NetworkPolicy
    Node PersistentVolumeClaim Pod PodDisruptionBudget PodTemplate PriorityClass ReplicaSet ReplicationController
    ResourceQuota Role RoleBinding Secret Service ServiceAccount StatefulSet StorageClass ValidatingAdmissionPolicy
    ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration
"""
MODELLED = frozenset(_NAMES.split())
"""The kinds, by the field index's names, of which it is known what the server makes of them."""

SERVER_WRITTEN = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields")
"""What the server writes into the metadata of every object; a manifest says nothing about it."""

ALLOCATED = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort")
"""What a cluster gives to a Service out of what it has; so it does with the `nodePort` of a port."""


def is_modelled(kind: ir.Kind) -> bool:
    """Whether `admitted` knows what becomes of objects of this kind."""
    return kind in _kinds()


@cache
def _kinds() -> frozenset[ir.Kind]:
    return frozenset(index.load().kinds[name] for name in MODELLED)


def admitted(manifest: JsonMap, kind: ir.Kind, objects: JsonMap = NOTHING) -> JsonMap:
    """The manifest as the server would admit it on creation; one of a kind that is not modelled as it is.

    `objects` is the inventory of known objects. What the server writes of its own accord is left as the manifest has it.
    """
    if not is_modelled(kind):
        return manifest
    made = encoded(manifest, index.kind(str(kind))[1])
    assert isinstance(made, Mapping)
    made = inside("metadata", partial(_placed, kind), made)
    for plugin in PLUGINS.get(kind.kind, ()):
        made = plugin(made, objects)
    return _with_own_status(created(made) if kind.kind == "Pod" else made, manifest)


def _placed(kind: ir.Kind, metadata: JsonMap) -> JsonMap:
    """In its namespace, or in none."""
    if kind.namespaced:
        return otherwise({"namespace": DEFAULT_NAMESPACE}, metadata)
    return {key: held for key, held in metadata.items() if key != "namespace"}


def _with_own_status(made: JsonMap, manifest: JsonMap) -> JsonMap:
    kept = {key: held for key, held in made.items() if key != "status"}
    return {**kept, "status": manifest["status"]} if "status" in manifest else kept
