"""cm-no-legacy-token-secret"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, in_namespaces, match, rule
from cmpolicy.kinds import Secret

from ._components import NAMESPACES
from ._secret_examples import LEGACY, secret


def holds_token(secret: Secret) -> Condition:
    """Kubernetes fills it with a token that does not expire."""
    return secret.type == LEGACY


@rule(
    severity="medium",
    match=match(Secret).where(in_namespaces(NAMESPACES), holds_token),
    message="Secret {name} holds a token of cert-manager's that never expires",
    remedy="Delete the Secret: pods get short-lived tokens from their volumes, people from `kubectl create token`",
    controls=["Kyverno policy deny-secret-service-account-token-type"],
    sources=["Restrict Auto-Mount of Service Account Tokens"],
    good=[
        secret("trust-manager"),
        secret("cert-manager", kind="Opaque"),
        secret(None),
        secret("cert-manager", namespace="elsewhere"),
    ],
    bad=[
        secret("cert-manager"),
        secret("cert-manager-webhook"),
        secret("cert-manager-startupapicheck"),
    ],
)
def no_legacy_token_secret(
    secret: Secret,
    service_accounts: Sequence[str] = (
        "cert-manager",
        "cert-manager-webhook",
        "cert-manager-cainjector",
        "cert-manager-startupapicheck",
    ),
) -> Condition:
    """No Secret holds a lasting token of a cert-manager ServiceAccount.

    Such a token is valid until somebody deletes it, on any machine. It stays in backups and in etcd, and everybody who may
    read the Secrets of the namespace can use it.

    Parameters:
        service_accounts: Names of cert-manager's ServiceAccounts
    """
    return ~secret.metadata.annotations["kubernetes.io/service-account.name"].is_in(service_accounts)
