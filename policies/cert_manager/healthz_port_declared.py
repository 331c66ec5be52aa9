"""cm-healthz-port-declared"""

from __future__ import annotations

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Container, Deployment

from ._components import controller, own_containers
from ._examples import container, livez, sidecar, unlabeled
from ._examples import deployment as example
from ._liveness_examples import PORTS, probed


@rule(
    severity="low",
    match=controller(Deployment),
    message="the liveness probe of {name} asks a port by a name that its container does not declare",
    remedy="Declare the port `http-healthz` in the controller's container, as the chart does",
    sources=["Use Liveness Probes: controller"],
    good=[
        probed(livez("http-healthz"), ports=PORTS),
        probed(livez("health"), ports=[{"name": "health", "containerPort": 9403}]),
        probed(livez(9403)),
        probed(None),
        example("cainjector"),
    ],
    bad=[
        probed(livez("http-healthz")),
        probed(livez("http-healthz"), ports=PORTS[:1]),
        probed(livez("http-healthz"), ports=[{"containerPort": 9403}]),
        example(containers=[sidecar(ports=PORTS), container("controller", livenessProbe=livez("http-healthz"))]),
        unlabeled(probed(livez("9403"), ports=PORTS)),
    ],
)
def healthz_port_declared(deployment: Deployment) -> Condition:
    """The health port that the controller's liveness probe asks by name is declared.

    The kubelet looks the name up among the ports of the container. One that is not there makes every probe fail, and the
    controller is restarted for it.
    """

    def declares_its_port(own: Container) -> Condition:
        port = own.livenessProbe.httpGet.port.string()
        return (port.length() > 0).implies(own.ports.any(lambda declared: declared.name == port))

    return own_containers(deployment.spec.template.spec, "controller").all(declares_its_port)
