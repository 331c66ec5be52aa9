"""Workloads of tenants."""

from __future__ import annotations

from cmpolicy.values import Json, JsonMap

_API_VERSIONS = {"Job": "batch/v1", "CronJob": "batch/v1", "ReplicationController": "v1", "Pod": "v1"}


def tenant_pod(*tolerations: JsonMap, namespace: str | None = "tenant") -> JsonMap:
    """A Pod with these tolerations; without a namespace it has none."""
    return _object("Pod", _pod_spec(tolerations), namespace)


def tenant_workload(kind: str, *tolerations: JsonMap, namespace: str = "tenant") -> JsonMap:
    """An object of a kind that has a pod template."""
    return _object(kind, {"template": {"spec": _pod_spec(tolerations)}}, namespace)


def cron_job(*tolerations: JsonMap) -> JsonMap:
    """A CronJob."""
    template: JsonMap = {"spec": {"template": {"spec": _pod_spec(tolerations)}}}
    return _object("CronJob", {"schedule": "0 * * * *", "jobTemplate": template}, "tenant")


def _object(kind: str, spec: JsonMap, namespace: str | None) -> JsonMap:
    metadata: dict[str, Json] = {"name": "shop", **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": _API_VERSIONS.get(kind, "apps/v1"), "kind": kind, "metadata": metadata, "spec": spec}


def _pod_spec(tolerations: tuple[JsonMap, ...]) -> JsonMap:
    containers: list[Json] = [{"name": "shop", "image": "example.com/shop:v1"}]
    return {"containers": containers, **({"tolerations": list(tolerations)} if tolerations else {})}
