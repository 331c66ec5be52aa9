"""The cert-manager rules on service accounts' tokens tell apart what a careless reading would not."""

from __future__ import annotations

import pytest
import yaml
from cmpolicy.values import JsonMap

from tests.policies.manifests import other, verdict, with_pod


@pytest.mark.parametrize(
    "field", ["{automountServiceAccountToken: false}", "{}", "{automountServiceAccountToken: true}"]
)
def test_the_pod_and_its_account_are_judged_apart(field: str) -> None:
    """Whatever the other says: `false` in the account does not excuse the pod, nor the reverse."""
    expected = "pass" if "false" in field else "fail"
    assert verdict("cm-pod-automount-disabled", with_pod("webhook", field)) == expected
    account = {**other("v1", "ServiceAccount", "{}"), **yaml.safe_load(field)}
    assert verdict("cm-sa-automount-disabled", account) == expected


TOKEN = "serviceAccountToken: {expirationSeconds: 3607, path: token}"
CA = "configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}"
NAMESPACE = "downwardAPI: {items: [{path: namespace, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}]}"
MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def token_pod(
    *sources: str,
    mode: str = "292",
    mount: str = f"mountPath: {MOUNT}, readOnly: true",
    sidecar: str = "{name: proxy}",
    automount: str = "false",
) -> JsonMap:
    """The fields that the best-practice values add to a pod."""
    joined = ", ".join(f"{{{source}}}" for source in sources or (TOKEN, CA, NAMESPACE))
    pod = f"""
      automountServiceAccountToken: {automount}
      containers: [{{name: cert-manager-webhook, volumeMounts: [{{name: token, {mount}}}]}}, {sidecar}]
      volumes: [{{name: tmp, emptyDir: {{}}}}, {{name: token, projected: {{defaultMode: {mode}, sources: [{joined}]}}}}]
    """
    return with_pod("webhook", pod)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([TOKEN, CA, NAMESPACE], "pass"),
        ([NAMESPACE, CA, TOKEN], "pass"),
        ([TOKEN, CA, NAMESPACE, "secret: {name: x}"], "fail"),
        ([TOKEN, CA], "fail"),
        (["serviceAccountToken: {path: token, audience: vault}", CA, NAMESPACE], "fail"),
        ([TOKEN, CA.replace("kube-root-ca.crt", "my-ca"), NAMESPACE], "fail"),
    ],
)
def test_the_token_volumes_sources(sources: list[str], expected: str) -> None:
    assert verdict("cm-token-volume-sources", token_pod(*sources)) == expected


def test_more_sources_can_be_allowed() -> None:
    manifest = token_pod(TOKEN, CA, NAMESPACE, "secret: {name: x}")
    assert verdict("cm-token-volume-sources", manifest, {"allow_extra": True}) == "pass"


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("292", "pass"), ("0444", "pass"), ("256", "fail"), ("0400", "fail"), ("420", "fail"), ("null", "fail")],
)
def test_the_token_volumes_mode(mode: str, expected: str) -> None:
    assert verdict("cm-token-volume-mode", token_pod(mode=mode)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [("600", "pass"), ("3607", "pass"), ("null", "pass"), ("599", "fail"), ("3608", "fail")]
)
def test_the_tokens_lifetime(seconds: str, expected: str) -> None:
    token = f"serviceAccountToken: {{path: token, expirationSeconds: {seconds}}}"
    assert verdict("cm-token-expiry", token_pod(token, CA, NAMESPACE)) == expected


@pytest.mark.parametrize(
    ("mount", "mounted", "read_only"),
    [
        (f"mountPath: {MOUNT}, readOnly: true", "pass", "pass"),
        (f"mountPath: {MOUNT}", "pass", "fail"),
        (f"mountPath: {MOUNT}/token, subPath: token, readOnly: true", "fail", "pass"),
        (f"mountPath: {MOUNT}, subPath: token, readOnly: true", "fail", "pass"),
        ("mountPath: /token, readOnly: true", "fail", "pass"),
    ],
)
def test_the_tokens_mount(mount: str, mounted: str, read_only: str) -> None:
    assert verdict("cm-token-mounted", token_pod(mount=mount)) == mounted
    assert verdict("cm-token-mount-readonly", token_pod(mount=mount)) == read_only


@pytest.mark.parametrize(
    ("sidecar", "expected"),
    [
        ("{name: proxy}", "pass"),
        ("{name: proxy, volumeMounts: [{name: tmp, mountPath: /tmp}]}", "pass"),
        ("{name: proxy, volumeMounts: [{name: token, mountPath: /tmp}]}", "fail"),
        (f"{{name: proxy, volumeMounts: [{{name: tmp, mountPath: {MOUNT}}}]}}", "fail"),
    ],
)
@pytest.mark.parametrize("automount", ["true", "false"])
def test_a_sidecar_and_the_token(sidecar: str, expected: str, automount: str) -> None:
    manifest = token_pod(sidecar=sidecar, automount=automount)
    assert verdict("cm-token-not-in-sidecars", manifest) == expected


@pytest.mark.parametrize(
    "rule_id",
    [
        "cm-token-volume-present",
        "cm-token-volume-sources",
        "cm-token-expiry",
        "cm-token-volume-mode",
        "cm-token-mounted",
        "cm-token-mount-readonly",
    ],
)
def test_without_an_explicit_token_there_is_nothing_to_check(rule_id: str) -> None:
    assert verdict(rule_id, token_pod(mode="420", automount="true")) == "skip"
    assert verdict(rule_id, with_pod("webhook", "{}")) == "skip"
    assert verdict(rule_id, with_pod("webhook", "automountServiceAccountToken: false")) != "skip"
