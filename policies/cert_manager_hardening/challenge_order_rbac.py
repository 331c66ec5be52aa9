"""cm-challenge-order-rbac"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import PolicyRule

from ._rbac import ACME_GROUP, ROLES, WRITE, AnyRole, grants
from ._role_examples import AGGREGATED, EVERYTHING, acme_grant, cluster_role, grant, role
from ._sources import HARDENING


@rule(
    severity="high",
    match=ROLES,
    message="{kind} {name} makes ACME challenges, or writes orders",
    remedy="Update cert-manager to 1.21, 1.20.3 or 1.19.6, whose roles for people lack the right; remove it from your own",
    docs="https://github.com/cert-manager/cert-manager/security/advisories/GHSA-8rvj-mm4h-c258",
    sources=["cert-manager advisory GHSA-8rvj-mm4h-c258"],
    profiles=HARDENING,
    good=[
        cluster_role(acme_grant("challenges", "delete", "patch", "update"), labels=AGGREGATED),
        cluster_role(acme_grant("orders", "delete", "get")),
        cluster_role(acme_grant("challenges", "create", "delete"), name="cert-manager-controller-orders"),
        cluster_role(acme_grant("orders", "create"), name="cm-cert-manager-controller-certificates"),
        cluster_role(EVERYTHING, name="cluster-admin"),
        role(grant("challenges", "create"), grant("orders", "patch")),
        role(acme_grant("orders/status", "update"), acme_grant("orders/finalizers", "update")),
        cluster_role(),
    ],
    bad=[
        cluster_role(acme_grant("challenges", "create", "delete"), name="cert-manager-edit", labels=AGGREGATED),
        role(acme_grant("challenges", "create")),
        cluster_role(acme_grant("orders", "create")),
        cluster_role(acme_grant("orders", "patch"), name="controller-orders"),
        role(acme_grant("challenges", "get"), acme_grant("orders", "get", "update")),
        role(acme_grant("*", "create")),
        cluster_role(acme_grant("challenges", "*"), name="platform"),
        cluster_role(EVERYTHING, name="operator"),
    ],
)
def challenge_order_rbac(role: AnyRole, allowed: Sequence[str] = ("cluster-admin",)) -> Condition:
    """Only the controllers of cert-manager make ACME challenges and write orders.

    People order certificates; challenges and orders are what cert-manager makes of that. Its controller trusted what a
    Challenge or an Order says, so who could write one had it act with the credentials of issuers that were not theirs.
    Roles with `-controller-` in their name are cert-manager's, those of Kubernetes itself, `system:`, are passed over.

    Parameters:
        allowed: Names of roles that may do everything
    """

    def forges(granted: PolicyRule) -> Condition:
        makes = grants(granted, ["challenges"], ["create"], ACME_GROUP)
        return makes | grants(granted, ["orders"], WRITE, ACME_GROUP)

    name = role.metadata.name
    return name.glob("*-controller-*") | name.is_in(allowed) | role.rules.none(forges)
