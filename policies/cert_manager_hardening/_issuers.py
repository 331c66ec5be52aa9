"""Issuers of either kind, and the ways in which their solvers answer HTTP01 challenges."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cmpolicy.dsl import Condition, match
from cmpolicy.kinds import AcmeGatewaySolver, AcmeIngressSolver, ClusterIssuer, Issuer

AnyIssuer: TypeAlias = "Issuer | ClusterIssuer"
Http01: TypeAlias = "AcmeIngressSolver | AcmeGatewaySolver"

ISSUERS = match(Issuer, ClusterIssuer)


def every_http01(issuer: AnyIssuer, satisfies: Callable[[Http01], Condition]) -> Condition:
    """Each of the issuer's HTTP01 solvers satisfies it, behind an Ingress or a Gateway."""
    return issuer.spec.acme.solvers.all(
        lambda solver: (
            solver.http01.ingress.exists().implies(satisfies(solver.http01.ingress))
            & solver.http01.gatewayHTTPRoute.exists().implies(satisfies(solver.http01.gatewayHTTPRoute))
        )
    )
