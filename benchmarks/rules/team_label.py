"""bench-team-label"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, match, rule
from cmpolicy.kinds import Deployment, Pod

from ._examples import pod


@rule(
    severity="low",
    match=match(Pod, Deployment),
    message="{kind} {name} names no team",
    good=[pod()],
    bad=[{**pod(), "metadata": {"name": "checkout", "labels": {}}}],
)
def team_label(workload: Workload) -> Condition:
    """Every object names its team.

    Somebody has to be called.
    """
    return workload.metadata.labels.has("example.com/team")
