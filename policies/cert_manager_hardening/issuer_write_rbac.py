"""cm-issuer-write-rbac"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, only_for, rule

from ._rbac import ROLES, WRITE, AnyRole, grants, is_aggregated
from ._role_examples import AGGREGATED, EVERYTHING, cluster_role, grant, role
from ._sources import HARDENING, guide

_EDIT = grant("issuers", "create", "delete", "patch", "update")


@rule(
    severity="high",
    match=ROLES,
    message="{kind} {name} writes issuers",
    helm_values={"global.rbac.aggregateClusterRoles": only_for(is_aggregated, False)},
    remedy="Leave issuers to the platform's own roles, and add their names to `allowed`",
    docs="https://cert-manager.io/docs/configuration/",
    sources=guide("R-RBAC-04", "T-17"),
    profiles=HARDENING,
    good=[
        cluster_role(_EDIT, name="cert-manager-edit"),
        cluster_role(grant("issuers", "update", "patch"), name="cert-manager-controller-issuers"),
        cluster_role(EVERYTHING, name="cluster-admin"),
        cluster_role(grant("issuers", "get", "list", "watch"), labels=AGGREGATED),
        role(grant("issuers/finalizers", "update"), grant("certificates", "create")),
        role(grant("issuers", "create", group="example.com")),
        role(grant("issuers", "delete")),
        cluster_role({"nonResourceURLs": ["*"], "verbs": ["*"]}),
        cluster_role(EVERYTHING, name="system:controller:generic-garbage-collector"),
    ],
    bad=[
        cluster_role(_EDIT, name="cert-manager-edit", labels=AGGREGATED),
        cluster_role(_EDIT, name="edit"),
        role(grant("issuers", "create")),
        cluster_role(grant("clusterissuers", "update")),
        cluster_role(grant("certificates", "get"), grant("clusterissuers", "patch", names=["ca"])),
        role(grant("*", "patch")),
        role(grant("issuers", "*", group="*")),
        cluster_role(EVERYTHING, name="operator"),
    ],
)
def issuer_write_rbac(
    role: AnyRole,
    allowed: Sequence[str] = (
        "cluster-admin",
        "cert-manager-edit",
        "cert-manager-controller-issuers",
        "cert-manager-controller-clusterissuers",
    ),
) -> Condition:
    """Only roles of the platform create or change issuers.

    An issuer says which credentials cert-manager uses and where it sends them, so who writes issuers can have it sign
    with keys of others, or hand its credentials to a server of their own. The chart adds the right to Kubernetes' roles
    `edit` and `admin`, which teams are given for their own workloads: a listed role passes only if it is not added to
    another one. Roles of Kubernetes itself, `system:`, are passed over.

    Parameters:
        allowed: Names of roles that may write issuers
    """
    writes = role.rules.any(lambda granted: grants(granted, ["issuers", "clusterissuers"], WRITE))
    return ~writes | (role.metadata.name.is_in(allowed) & ~is_aggregated(role))
