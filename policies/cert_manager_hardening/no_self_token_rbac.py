"""cm-no-self-token-rbac"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, in_namespaces, match, rule
from cmpolicy.kinds import PolicyRule, Role

from ._cert_manager import NAMESPACES
from ._rbac import grants
from ._role_examples import EVERYTHING, grant, role, token_role
from ._sources import HARDENING


@rule(
    severity="medium",
    match=match(Role).where(in_namespaces(NAMESPACES)),
    message="Role {name} makes tokens for the cert-manager controller",
    remedy="Update cert-manager to v1.21, whose chart has no such Role; give issuers ServiceAccounts of their own, and "
    "name those",
    controls=["CIS 5.1.13"],
    docs="https://cert-manager.io/docs/releases/",
    sources=["cert-manager v1.21 release notes"],
    profiles=HARDENING,
    good=[
        token_role("vault-issuer"),
        token_role(namespace="shop"),
        token_role("cert-manager", resource="serviceaccounts"),
        role(grant("serviceaccounts/token", "get", group=""), namespace="cert-manager"),
        role(grant("serviceaccounts/token", "create", group="example.com"), namespace="cert-manager"),
        role(namespace="cert-manager"),
    ],
    bad=[
        token_role("cert-manager"),
        token_role("vault-issuer", "cert-manager"),
        token_role(),
        token_role(resource="*/token"),
        token_role("cert-manager", resource="*"),
        role(EVERYTHING, namespace="cert-manager"),
    ],
)
def no_self_token_rbac(role: Role, service_accounts: Sequence[str] = ("cert-manager",)) -> Condition:
    """No Role makes tokens for the account of the cert-manager controller.

    With that right, a token that leaks once can be renewed for ever: it makes the next one before it expires. Issuers
    that sign in with tokens need them for accounts of their own, never for the controller's.

    Parameters:
        service_accounts: Names of the controller's ServiceAccounts
    """

    def mints(granted: PolicyRule) -> Condition:
        names = granted.resourceNames
        reached = names.is_empty() | names.any(lambda name: name.is_in(service_accounts))
        return grants(granted, ["serviceaccounts/token", "*/token"], ["create"], group="") & reached

    return role.rules.none(mints)
