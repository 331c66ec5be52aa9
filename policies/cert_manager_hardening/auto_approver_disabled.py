"""cm-auto-approver-disabled"""

from __future__ import annotations

from cmpolicy.dsl import Condition, flag, rule
from cmpolicy.kinds import Container, Deployment

from ._cert_manager import controller, controller_with, own_containers, sidecar, unlabeled
from ._cert_manager import deployment as example
from ._sources import guide

_OFF = "-certificaterequests-approver"


@rule(
    severity="high",
    match=controller(Deployment),
    message="{name} approves requests before the policy approver has seen them",
    helm_values={"disableAutoApproval": True},
    docs="https://cert-manager.io/docs/policy/approval/approver-policy/installation/",
    sources=guide("T-02"),
    profiles=("approver-policy",),
    good=[
        controller_with(f"--controllers={_OFF}"),
        controller_with("--v=2", f"--controllers=*,{_OFF}"),
        controller_with(f"--controllers={_OFF},*", "--controllers=ingress-shim"),
        controller_with("--controllers", f"*,{_OFF}"),
        example("webhook"),
    ],
    bad=[
        controller_with(),
        controller_with("--controllers=*"),
        controller_with("--controllers=certificaterequests-approver"),
        controller_with(f"--controllers=*,{_OFF}s"),
        controller_with(f"--controllers=*{_OFF}"),
        controller_with(_OFF),
        example(containers=[sidecar(args=[f"--controllers={_OFF}"])]),
        unlabeled(example()),
    ],
)
def auto_approver_disabled(deployment: Deployment) -> Condition:
    """Where a policy approver is installed, cert-manager does not approve requests by itself.

    The controller comes with an approver that says yes to every request for its own issuers, within moments. As long as
    it runs, no policy decides about anything. So this is for clusters with approver-policy or the like; in others,
    nothing would be issued any more.
    """

    def is_disabled(container: Container) -> Condition:
        # The flag is a list: each occurrence adds to it.
        joined = container.args.any(lambda arg: arg.matches(f"^--controllers=(.*,)?{_OFF}(,.*)?$"))
        return joined | flag(container.args, "controllers").matches(f"^(.*,)?{_OFF}(,.*)?$")

    return own_containers(deployment.spec.template.spec, "controller").any(is_disabled)
