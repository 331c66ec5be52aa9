"""cm-approver-rbac"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, only_for, rule
from cmpolicy.kinds import PolicyRule

from ._rbac import ROLES, AnyRole, grants
from ._role_examples import EVERYTHING, cluster_role, grant, role
from ._sources import HARDENING, guide

_OWN = ["issuers.cert-manager.io/*", "clusterissuers.cert-manager.io/*"]
_CHARTS = "cert-manager-controller-approve:cert-manager-io"
_REQUEST = grant("certificaterequests", "create")


def _is_the_charts(role: AnyRole) -> Condition:
    return role.metadata.name.ends_with("-controller-approve:cert-manager-io")


@rule(
    severity="high",
    match=ROLES,
    message="{kind} {name} approves requests of every signer, or its own",
    helm_values={"approveSignerNames": only_for(_is_the_charts, _OWN)},
    remedy="Name the signers in `resourceNames`, and leave requests for certificates to another role",
    docs="https://cert-manager.io/docs/usage/certificaterequest/",
    sources=guide("R-RBAC-01"),
    profiles=HARDENING,
    good=[
        cluster_role(grant("signers", "approve", names=_OWN), name=_CHARTS),
        role(grant("signers", "approve", names=["issuers.cert-manager.io/shop.ca"])),
        cluster_role(grant("signers", "approve", group="certificates.k8s.io")),
        cluster_role(grant("signers", "sign"), _REQUEST),
        role(_REQUEST, grant("certificates", "create", "approve")),
        cluster_role(EVERYTHING, name="cluster-admin"),
        cluster_role(EVERYTHING, name="system:masters-of-all"),
        cluster_role(),
    ],
    bad=[
        cluster_role(grant("signers", "approve"), name=_CHARTS),
        cluster_role(grant("signers", "approve", names=[])),
        cluster_role(grant("signers", "sign", "approve", names=["issuers.cert-manager.io/shop.ca", "*"])),
        cluster_role(grant("signers", "*")),
        cluster_role(EVERYTHING, name="operator"),
        cluster_role(grant("signers", "approve", names=_OWN), _REQUEST),
        role(_REQUEST, grant("signers", "approve", names=["issuers.cert-manager.io/shop.ca"])),
        role(grant("signers", "approve")),
    ],
)
def approver_rbac(role: AnyRole, allowed: Sequence[str] = ("cluster-admin",)) -> Condition:
    """No role approves requests for certificates of every signer, or requests that it may make itself.

    Approval is the point at which somebody looks at what is asked for. Who may approve for every signer decides about
    issuers that come later too, and who may both ask and approve gets any name signed without a second look. Roles of
    Kubernetes itself, `system:`, are passed over.

    Parameters:
        allowed: Names of roles that may do everything
    """

    def approves(granted: PolicyRule) -> Condition:
        return grants(granted, ["signers"], ["approve"])

    def approves_all(granted: PolicyRule) -> Condition:
        return approves(granted) & (granted.resourceNames.is_empty() | granted.resourceNames.contains("*"))

    requests = role.rules.any(lambda granted: grants(granted, ["certificaterequests"], ["create"]))
    safe = role.rules.none(approves_all) & ~(requests & role.rules.any(approves))
    return role.metadata.name.is_in(allowed) | safe
