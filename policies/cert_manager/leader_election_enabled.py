"""cm-leader-election-enabled"""

from __future__ import annotations

from cmpolicy.dsl import Condition, all_of, rule, switch
from cmpolicy.kinds import Container, Deployment

from ._command_examples import cainjector_with, controller_with
from ._components import leader_elected, own_containers
from ._examples import deployment as example
from ._examples import sidecar, unlabeled

_OFF = "--leader-elect=false"


@rule(
    severity="high",
    match=leader_elected(Deployment),
    message="{name} runs {deployment.spec.replicas} replicas that all work at once",
    remedy="Remove `--leader-elect=false` from the component's `extraArgs`, or run a single replica",
    sources=["High Availability: controller and cainjector"],
    good=[
        controller_with("--v=2", replicas=2),
        controller_with("--leader-elect", replicas=2),
        controller_with(_OFF, "--leader-elect=true", replicas=2),
        controller_with("--leader-elect", "false", replicas=2),
        cainjector_with("--leader-elect=1", replicas=2),
        controller_with(_OFF),
        controller_with(_OFF, replicas=None),
        example("webhook", replicas=3),
        example(replicas=2, containers=[sidecar(args=[_OFF])]),
    ],
    bad=[
        controller_with(_OFF, replicas=2),
        controller_with("--leader-elect", "--leader-elect=F", replicas=2),
        controller_with("--leader-elect=0", replicas=3),
        cainjector_with("--v=2", "--leader-elect=False", replicas=2),
        unlabeled(controller_with(_OFF, replicas=2)),
    ],
)
def leader_election_enabled(deployment: Deployment) -> Condition:
    """Replicas of the controller and the cainjector elect a leader.

    The election is what makes the second replica a standby. Without it both reconcile the same Certificates: they request
    each of them twice and overwrite each other's Secrets. A configuration file in a ConfigMap can switch the election off
    too; this rule reads the arguments.
    """

    def votes(container: Container) -> Condition:
        return ~switch(container.args, "leader-elect").is_off()

    pod = deployment.spec.template.spec
    every_own = (own_containers(pod, component).all(votes) for component in ("controller", "cainjector"))
    return (deployment.spec.replicas.default(1) > 1).implies(all_of(*every_own))
