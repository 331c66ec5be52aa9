"""Workloads of tenants."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

_API_VERSIONS = {"Job": "batch/v1", "CronJob": "batch/v1", "ReplicationController": "v1", "Pod": "v1"}
_TEMPLATED = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController")


def tenant_pod(*, namespace: str | None = "tenant", **spec: Json) -> JsonMap:
    """A Pod; without a namespace it has none; `spec` adds to its spec."""
    return _object("Pod", _pod_spec(spec), namespace)


def tenant_workload(kind: str, *, namespace: str = "tenant", **spec: Json) -> JsonMap:
    """An object of a kind that has a pod template; `spec` adds to its pods' spec."""
    return _object(kind, {"template": {"spec": _pod_spec(spec)}}, namespace)


def tenants_of_every_kind(**spec: Json) -> list[JsonMap]:
    """An object of every kind that makes pods; `spec` adds to its pods' spec."""
    template: JsonMap = {"spec": {"template": {"spec": _pod_spec(spec)}}}
    cron_job = _object("CronJob", {"schedule": "0 * * * *", "jobTemplate": template}, "tenant")
    return [*(_object(kind, {"template": {"spec": _pod_spec(spec)}}, "tenant") for kind in _TEMPLATED), cron_job]


def _object(kind: str, spec: JsonMap, namespace: str | None) -> JsonMap:
    metadata: dict[str, Json] = {"name": "shop", **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": _API_VERSIONS.get(kind, "apps/v1"), "kind": kind, "metadata": metadata, "spec": spec}


def _pod_spec(fields: JsonMap) -> JsonMap:
    return {"containers": [{"name": "shop", "image": "example.com/shop:v1"}], **fields}
