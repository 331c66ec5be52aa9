"""cm-controller-liveness-endpoint"""

from __future__ import annotations

from collections.abc import Sequence

from cmpolicy.dsl import Condition, rule
from cmpolicy.kinds import Container, Deployment

from ._components import controller, own_containers
from ._examples import container, livez, sidecar, unlabeled
from ._examples import deployment as example
from ._liveness_examples import probed


@rule(
    severity="medium",
    match=controller(Deployment),
    message="the liveness probe of {name} does not ask the controller's own health endpoint",
    remedy="Probe `/livez` over HTTP on the port `http-healthz`, as the chart does",
    sources=["Use Liveness Probes: controller"],
    good=[
        probed(livez("http-healthz")),
        probed(livez(9403)),
        probed(livez("http-healthz", scheme="HTTP")),
        probed(None),
        example(containers=[sidecar(livenessProbe=livez(8080)), container("controller", livenessProbe=livez(9403))]),
        example("cainjector", containers=[container("cainjector", livenessProbe=livez(9402))]),
    ],
    bad=[
        probed(livez(9443)),
        probed(livez("9403")),
        probed(livez("http-metrics")),
        probed(livez("http-healthz", path="/livez/leaderElection")),
        probed(livez("http-healthz", path="/healthz")),
        probed(livez("http-healthz", path=None)),
        probed(livez("http-healthz", scheme="HTTPS")),
        probed({"tcpSocket": {"port": 9403}}),
        probed({}),
        unlabeled(probed(livez(9402))),
    ],
)
def controller_liveness_endpoint(
    deployment: Deployment,
    paths: Sequence[str] = ("/livez",),
    port_names: Sequence[str] = ("http-healthz",),
    port_numbers: Sequence[int] = (9403,),
) -> Condition:
    """The liveness probe of the cert-manager controller asks `/livez` on its health port.

    Only that endpoint knows whether the lease is still renewed and the clock is sane. Another port answers as long as
    the process exists, or never, and then the kubelet restarts a healthy controller again and again. The page names
    port 9443 and the controller has never listened there: the port is 9403.

    Parameters:
        paths: Paths that may be probed; `/livez/leaderElection` and `/livez/clockHealth` check one part each
        port_names: Names of the health port
        port_numbers: Numbers of the health port
    """

    def asks_health_port(container: Container) -> Condition:
        get = container.livenessProbe.httpGet
        on_port = get.port.string().is_in(port_names) | get.port.number().is_in(port_numbers)
        return get.path.is_in(paths) & on_port & (get.scheme.default("HTTP") == "HTTP")

    own = own_containers(deployment.spec.template.spec, "controller")
    return own.where(lambda container: container.livenessProbe.exists()).all(asks_health_port)
