"""Workloads of tenants: every kind that has pods, outside the platform's namespaces."""

from __future__ import annotations

from cmpolicy.dsl import Match, in_namespaces, match, parameter
from cmpolicy.kinds import (
    CronJob,
    DaemonSet,
    Deployment,
    Job,
    Pod,
    ReplicaSet,
    ReplicationController,
    StatefulSet,
)

PLATFORM_NAMESPACES = parameter("platform_namespaces", ["kube-system", "cert-manager"], "Namespaces of the platform")


def tenant_workloads() -> Match:
    """The workloads of every kind outside the platform's namespaces."""
    kinds = (Pod, Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, ReplicationController)
    return match(*kinds).excluding(in_namespaces(PLATFORM_NAMESPACES))
