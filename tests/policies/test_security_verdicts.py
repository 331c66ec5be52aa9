"""Accounts, Secrets and the Pod Security Standard: what the rules tell apart, as tables of the part that matters."""

from __future__ import annotations

import pytest
import yaml
from cmpolicy.values import JsonMap

from tests.policies.manifests import verdict, with_pod


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        ("{}", "fail"),
        ("{serviceAccountName: default}", "fail"),
        ("{serviceAccountName: ''}", "fail"),
        ("{serviceAccountName: cert-manager}", "pass"),
        ("{serviceAccount: cert-manager}", "pass"),
        ("{serviceAccountName: default, serviceAccount: cert-manager}", "fail"),
    ],
)
def test_accounts(pod: str, expected: str) -> None:
    assert verdict("cm-dedicated-service-account", with_pod("webhook", pod)) == expected


@pytest.mark.parametrize(
    ("account", "kind", "expected"),
    [
        ("cert-manager", "kubernetes.io/service-account-token", "fail"),
        ("cert-manager-cainjector", "kubernetes.io/service-account-token", "fail"),
        ("default", "kubernetes.io/service-account-token", "pass"),
        ("cert-manager", "kubernetes.io/tls", "skip"),
    ],
)
def test_lasting_tokens(account: str, kind: str, expected: str) -> None:
    annotations: JsonMap = {"kubernetes.io/service-account.name": account}
    metadata: JsonMap = {"name": "t", "namespace": "cert-manager", "annotations": annotations}
    manifest: JsonMap = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": kind}
    assert verdict("cm-no-legacy-token-secret", manifest) == expected


@pytest.mark.parametrize(
    ("enforced", "restricted", "baseline"),
    [
        ("restricted", "pass", "pass"),
        ("baseline", "fail", "pass"),
        ("privileged", "fail", "fail"),
        (None, "fail", "fail"),
    ],
)
def test_a_namespace_enforces_a_standard(enforced: str | None, restricted: str, baseline: str) -> None:
    metadata: JsonMap = {"name": "cert-manager", "labels": {"pod-security.kubernetes.io/enforce": enforced}}
    manifest: JsonMap = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    assert verdict("cm-namespace-psa-enforce", manifest) == restricted
    assert verdict("cm-namespace-psa-enforce", manifest, {"level": "baseline"}) == baseline


CONTAINER = "allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}"
POD = "runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}"


def pod(context: str = POD, container: str = CONTAINER, more: str = "", fields: str = "") -> JsonMap:
    own = f"{{name: cert-manager-webhook, securityContext: {{{container}}}{fields}}}"
    return with_pod("webhook", f"{{securityContext: {{{context}}}, containers: [{own}]{more}}}")


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        pytest.param(pod(), "pass", id="as the chart renders it"),
        pytest.param(pod(more=", hostUsers: false, hostNetwork: true"), "fail", id="host network"),
        pytest.param(pod(more=", initContainers: [{name: i}]"), "fail", id="bare init container"),
        pytest.param(pod(more=", ephemeralContainers: [{name: e}]"), "fail", id="bare ephemeral container"),
        pytest.param(pod(container=f"{CONTAINER}, runAsNonRoot: false"), "fail", id="one container may be root"),
        pytest.param(
            pod("seccompProfile: {type: RuntimeDefault}", f"{CONTAINER}, runAsNonRoot: true"), "pass", id="by container"
        ),
        pytest.param(
            pod("runAsNonRoot: false, seccompProfile: {type: Localhost}", f"{CONTAINER}, runAsNonRoot: true"),
            "fail",
            id="the pod says root is fine",
        ),
        pytest.param(
            pod("seccompProfile: {type: RuntimeDefault}", more=", hostUsers: false"),
            "pass",
            id="root in a user namespace",
        ),
        pytest.param(pod("runAsNonRoot: true"), "fail", id="no seccomp profile"),
        pytest.param(
            pod("runAsNonRoot: true", f"{CONTAINER}, seccompProfile: {{type: Localhost}}"),
            "pass",
            id="own seccomp profile",
        ),
        pytest.param(
            pod(container="allowPrivilegeEscalation: false, capabilities: {drop: [all]}"),
            "fail",
            id="all in lower case",
        ),
        pytest.param(pod(fields=", ports: [{hostPort: 0}]"), "pass", id="host port 0"),
        pytest.param(pod(fields=", ports: [{hostPort: 80}]"), "fail", id="host port"),
        pytest.param(pod(container=f"{CONTAINER}, procMount: Default"), "pass", id="default proc mount"),
        pytest.param(pod(more=", volumes: [{name: v, csi: {driver: x}}]"), "pass", id="csi volume"),
        pytest.param(pod(more=", volumes: [{name: v, nfs: {path: /, server: x}}]"), "fail", id="nfs volume"),
    ],
)
def test_the_restricted_standard(manifest: JsonMap, expected: str) -> None:
    assert verdict("cm-pss-restricted", manifest) == expected


def test_an_issuers_pod_template_that_forgets_the_profile_shows_on_the_solver() -> None:
    metadata = {"name": "s", "namespace": "shop", "labels": {"acme.cert-manager.io/http01-solver": "true"}}

    def solver(context: str) -> JsonMap:
        spec = f"{{securityContext: {context}, containers: [{{name: acmesolver, securityContext: {{{CONTAINER}}}}}]}}"
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": yaml.safe_load(spec)}

    assert verdict("cm-pss-restricted", solver(f"{{{POD}}}")) == "pass"
    assert verdict("cm-pss-restricted", solver("{runAsUser: 1000}")) == "fail"


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ("readOnlyRootFilesystem: true", "pass"),
        ("readOnlyRootFilesystem: false", "fail"),
        ("runAsUser: 1", "fail"),
    ],
)
def test_the_root_file_system(container: str, expected: str) -> None:
    assert verdict("cm-readonly-rootfs", pod(container=container)) == expected
