"""cmv-priority-class"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import CertManagerValues

from ._components import priority_class as class_of
from ._examples import values


@rule(
    severity="medium",
    match=match(CertManagerValues),
    message="{name} sets no allowed priority class in global.priorityClassName",
    helm_values={"global.priorityClassName": "system-cluster-critical"},
    sources=["Priority Class Name"],
    good=[values(**{"global": {"priorityClassName": "system-cluster-critical"}})],
    bad=[
        values(),
        values(**{"global": {"priorityClassName": ""}}),
        values(**{"global": {"priorityClassName": "high"}}),
    ],
)
def priority_class(values: CertManagerValues, allowed: Sequence[str] = ("system-cluster-critical",)) -> Condition:
    """The values give every pod a priority class.

    Pods without one are evicted before those that need cert-manager.

    Parameters:
        allowed: Priority classes that are enough
    """
    return class_of(values).is_in(allowed)
