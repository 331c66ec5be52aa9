"""cm-node-selector-linux"""

from __future__ import annotations

from cmpolicy.dsl import Condition, Workload, rule

from ._components import every_workload
from ._examples import deployment, job, other_webhook, pod, unlabeled
from ._helm import for_every_component
from ._node_examples import LINUX, RESERVED, label_in, preferred, required
from ._nodes import runs_only_on

_OS = "kubernetes.io/os"


@rule(
    severity="medium",
    match=every_workload(),
    message="{kind} {name} may run on nodes that do not run Linux",
    helm_values=for_every_component("nodeSelector", LINUX),
    sources=["Isolate cert-manager on dedicated node pools: Example"],
    profiles=("isolation",),
    good=[
        deployment(nodeSelector={**LINUX, **RESERVED}),
        deployment("cainjector", affinity=required(label_in(_OS, "linux"))),
        job(nodeSelector=LINUX),
        pod("webhook", nodeSelector=LINUX),
        other_webhook(),
    ],
    bad=[
        deployment(),
        deployment(nodeSelector=RESERVED),
        deployment(nodeSelector={_OS: "windows"}),
        deployment(nodeSelector={_OS: None}),
        deployment(nodeSelector="linux"),
        deployment(os={"name": "linux"}),
        deployment(affinity=required(label_in(_OS, "linux", "windows"))),
        deployment(affinity=preferred(label_in(_OS, "linux"))),
        job(nodeSelector=RESERVED),
        unlabeled(pod("controller")),
    ],
)
def node_selector_linux(workload: Workload) -> Condition:
    """cert-manager's pods run only on Linux nodes.

    Its images are made for Linux. The chart asks for Linux nodes by default, and a node selector of one's own easily
    loses that line. `spec.os` does not replace it: it states what the pod needs and the scheduler does not read it.
    """
    return runs_only_on(workload.pod, _OS, "linux")
