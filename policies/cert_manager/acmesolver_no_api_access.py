"""cm-acmesolver-no-api-access"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Pod

from ._components import solvers
from ._examples import pod as example
from ._solver_examples import solver
from ._token_examples import token_volume
from ._tokens import token_volumes


@rule(
    severity="medium",
    match=solvers(),
    message="the solver Pod {name} can reach the API server",
    remedy="Remove the token from the `podTemplate` of the Issuer's HTTP01 solver: the controller adds none by itself",
    controls=["CIS 5.1.6", "BSI APP.4.4.A9"],
    sources=["Network Requirements"],
    good=[
        solver(),
        solver(volumes=[{"name": "tmp", "emptyDir": {}}]),
        solver(labeled="false", image="example.com/proxy:v1", automountServiceAccountToken=None),
        example(automountServiceAccountToken=True),
    ],
    bad=[
        solver(automountServiceAccountToken=None),
        solver(automountServiceAccountToken=True),
        solver(automountServiceAccountToken="false"),
        solver(labeled=None, automountServiceAccountToken=None),
        solver(image="example.com/solver:v1", automountServiceAccountToken=None),
        solver(volumes=[token_volume()]),
        solver(volumes=[{"name": "tmp", "emptyDir": {}}, token_volume(name="other")]),
    ],
)
def acmesolver_no_api_access(pod: Pod) -> Condition:
    """Pods that answer HTTP01 challenges hold no token for the API server.

    A solver answers strangers from the Internet and needs one file for it. It runs in the namespace of the challenge,
    under an account that others give rights to, so the token of that account is worth stealing.
    """
    return pod.spec.automountServiceAccountToken.is_false() & token_volumes(pod.spec).is_empty()
