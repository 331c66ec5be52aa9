"""cmv-priority-class"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, String, match, rule
from cmpolicy.kinds import CertManagerValues

from ._examples import values
from ._profiles import BEST_PRACTICE

_CRITICAL = "system-cluster-critical"


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="global.priorityClassName is no allowed priority class",
    helm_values={"global.priorityClassName": _CRITICAL},
    sources=["Priority Class Name"],
    profiles=BEST_PRACTICE,
    good=[values(**{"global": {"priorityClassName": _CRITICAL}})],
    bad=[
        values(),
        values(**{"global": {"priorityClass": _CRITICAL}}),
        values(**{"global": {"priorityClassName": ""}}),
        values(**{"global": {"priorityClassName": "system-node-critical"}}),
    ],
)
def priority_class(values: CertManagerValues, allowed: Sequence[str] = (_CRITICAL,)) -> Condition:
    """The values give every pod a priority class that protects it.

    The chart gives none, and pods without one are preempted and evicted before the software that needs their certificates.

    Parameters:
        allowed: Priority classes that are high enough
    """
    name: String = values["global"].priorityClassName
    return name.is_in(allowed)
