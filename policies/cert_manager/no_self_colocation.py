"""cm-no-self-colocation"""

from __future__ import annotations

from cmpolicy.dsl import Condition, any_of, rule, selects
from cmpolicy.kinds import Deployment, PodAffinityTerm

from ._components import long_running
from ._examples import deployment as example
from ._examples import other_webhook, unlabeled
from ._selectors import is_empty
from ._topology import HOSTNAME, ZONE
from ._topology_examples import preferred, required, selecting, term


@rule(
    severity="medium",
    match=long_running(Deployment),
    message="{name} may run its replicas only on one node",
    remedy="Remove the affinity to the component's own pods, or make it an anti-affinity",
    sources=["High Availability: Topology Spread Constraints"],
    good=[
        example(),
        example(affinity=required("podAntiAffinity", term())),
        example(affinity=preferred("podAffinity", term())),
        example(affinity=required("podAffinity", term(ZONE))),
        example("webhook", affinity=required("podAffinity", term())),
        example(affinity=required("podAffinity", term(namespaces=["elsewhere"]))),
        example(affinity=required("podAffinity", term(namespaceSelector={"matchLabels": {"team": "x"}}))),
        other_webhook(),
    ],
    bad=[
        example(affinity=required("podAffinity", term())),
        example(affinity=required("podAffinity", term(ZONE), term(namespaces=["elsewhere", "cert-manager"]))),
        example("webhook", affinity=required("podAffinity", term(selector=selecting("webhook")))),
        example("cainjector", affinity=required("podAffinity", term(selector={}, namespaceSelector={}))),
        unlabeled(example(affinity=required("podAffinity", term(namespaces=[])))),
    ],
)
def no_self_colocation(deployment: Deployment) -> Condition:
    """No affinity forces the replicas of a cert-manager component onto one node.

    An affinity to pods that the component's own labels meet pulls each replica to the node of the first. Then one node is
    all that has to fail. Namespaces that are selected by labels are not looked at, unless every one is.
    """
    template = deployment.spec.template

    def is_home(term: PodAffinityTerm) -> Condition:
        own = term.namespaces.is_empty() & term.namespaceSelector.absent()
        everywhere = term.namespaceSelector.exists() & is_empty(term.namespaceSelector)
        return any_of(own, everywhere, term.namespaces.any(lambda name: name == deployment.metadata.namespace))

    def pulls_together(term: PodAffinityTerm) -> Condition:
        own_pods = selects(term.labelSelector, template.metadata.labels)
        return (term.topologyKey == HOSTNAME) & own_pods & is_home(term)

    affinity = template.spec.affinity.podAffinity
    return affinity.requiredDuringSchedulingIgnoredDuringExecution.none(pulls_together)
