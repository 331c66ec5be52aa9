"""cm-dns01-nameservers-pinned"""

from __future__ import annotations

from cmpolicy.dsl import Condition, flag, given, rule, switch
from cmpolicy.kinds import Container, Deployment

from ._command_examples import controller_with
from ._components import controller, own_containers
from ._examples import deployment as example
from ._examples import sidecar, unlabeled

_NAMESERVERS, _ONLY = "--dns01-recursive-nameservers", "--dns01-recursive-nameservers-only"
_SERVER = f"{_NAMESERVERS}=10.0.0.53:53"


@rule(
    severity="info",
    match=controller(Deployment),
    message="{name} may ask any DNS server to check DNS01 challenges",
    helm_values={"dns01RecursiveNameservers": "1.1.1.1:53,8.8.8.8:53", "dns01RecursiveNameserversOnly": True},
    sources=["Network Requirements"],
    profiles=("dns01",),
    good=[
        controller_with(_SERVER, f"{_ONLY}=true"),
        controller_with(_NAMESERVERS, "10.0.0.53:53", _ONLY),
        controller_with(f"{_NAMESERVERS}=https://dns.example/dns-query", f"{_ONLY}=1"),
        controller_with(_SERVER, f"{_NAMESERVERS}=", f"{_ONLY}=false", f"{_ONLY}=T"),
        example("webhook"),
    ],
    bad=[
        controller_with("--v=2"),
        controller_with(_SERVER),
        controller_with(f"{_ONLY}=true"),
        controller_with(f"{_NAMESERVERS}=", _ONLY),
        controller_with(_NAMESERVERS),
        controller_with(_SERVER, _ONLY, f"{_ONLY}=false"),
        controller_with(_SERVER, f"{_ONLY}=yes"),
        example(containers=[sidecar(args=[_SERVER, _ONLY])]),
        unlabeled(example()),
    ],
)
def dns01_nameservers_pinned(deployment: Deployment, http01: bool = False) -> Condition:
    """The cert-manager controller checks ACME challenges against chosen DNS servers alone.

    Before it tells the ACME server that a challenge is ready, the controller looks the record up, and without these
    flags it walks to the authoritative servers of the zone, wherever they are. A network policy for that is no more
    than "port 53 everywhere".

    Parameters:
        http01: Ask for the flag of HTTP01 challenges too, where issuers have such solvers
    """

    def names_servers(container: Container, name: str) -> Condition:
        # The flag is a list: each occurrence adds to it, so one that names a server is enough.
        given_once = container.args.any(lambda arg: arg.starts_with(f"--{name}=") & (arg != f"--{name}="))
        return given_once | (flag(container.args, name).length() > 0)

    def is_pinned(container: Container) -> Condition:
        only_these = switch(container.args, "dns01-recursive-nameservers-only").is_on()
        in_http01 = given(http01).implies(names_servers(container, "acme-http01-solver-nameservers"))
        return names_servers(container, "dns01-recursive-nameservers") & only_these & in_http01

    return own_containers(deployment.spec.template.spec, "controller").any(is_pinned)
