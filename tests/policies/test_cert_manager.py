"""The cert-manager pack: its rules are complete, and they know which objects are cert-manager's."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge_example, kind_of
from cmpolicy.values import JsonMap

from tests.policies.manifests import deployment, labels, verdict
from tests.policies.packs import PACK, cert_manager, rule

IDS = [
    "cm-controller-replicas",
    "cm-cainjector-replicas",
    "cm-webhook-replicas",
    "cm-webhook-rollout-keeps-replicas",
    "cm-priority-class",
    "cm-priority-quota-shape",
    "cm-node-selector-reserved",
    "cm-node-selector-linux",
    "cm-tolerations-reserved",
    "cm-tolerations-not-broad",
    "cm-tenant-toleration-denied",
    "cm-memory-request",
    "cm-memory-limit",
    "cm-requests-within-limits",
    "cm-cainjector-namespace-scoped",
    "cm-webhook-liveness",
    "cm-controller-liveness",
    "cm-controller-liveness-endpoint",
    "cm-sa-automount-disabled",
    "cm-pod-automount-disabled",
    "cm-token-volume-present",
    "cm-token-volume-sources",
    "cm-token-expiry",
    "cm-token-volume-mode",
    "cm-token-mounted",
    "cm-token-mount-readonly",
    "cm-token-not-in-sidecars",
    "cm-pdb-min-available",
    "cm-pdb-not-blocking",
    "cm-netpol-explicit-policytypes",
]

CRITICAL = ["cm-token-volume-present", "cm-webhook-replicas"]


def test_the_pack_has_these_rules_and_nothing_is_wrong_with_them() -> None:
    loaded = cert_manager()
    assert [diagnostic.message for diagnostic in loaded.diagnostics] == []
    assert sorted(each.id for each in loaded.rules) == sorted(IDS)


def test_a_file_is_named_after_its_rule() -> None:
    assert {each.name for each in PACK.glob("[!_]*.py")} == {f"{id[3:].replace('-', '_')}.py" for id in IDS}


@pytest.mark.parametrize("rule_id", IDS)
def test_a_rule_says_what_people_need_to_know(rule_id: str) -> None:
    about = rule(rule_id).about
    assert about.title
    assert not about.title.endswith(".")
    assert len(about.description) > 60
    assert about.sources
    assert about.remedy or about.helm_values
    assert about.docs == "https://cert-manager.io/docs/installation/best-practice/"
    assert len(about.good) >= 3
    assert len(about.bad) >= 3


def test_only_what_stops_cert_manager_is_critical() -> None:
    critical = sorted(each.id for each in cert_manager().rules if each.about.severity is ir.Severity.CRITICAL)
    assert critical == CRITICAL


def test_only_the_rule_on_policy_types_needs_the_manifest_as_written() -> None:
    assert [each.id for each in cert_manager().rules if each.about.manifest_only] == ["cm-netpol-explicit-policytypes"]


# Recognizing cert-manager


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, "fail", id="as the chart renders it"),
        pytest.param({"name": "cm-cert-manager-webhook"}, "fail", id="another release name"),
        pytest.param({"namespace": "shop"}, "skip", id="another software's webhook"),
        pytest.param({"namespace": None}, "skip", id="no namespace"),
        pytest.param({"labels": {"app.kubernetes.io/component": "webhook"}}, "skip", id="no name label"),
        pytest.param({"labels": {**labels("webhook"), "app.kubernetes.io/name": "x"}}, "skip", id="another's name"),
        pytest.param({"labels": None}, "skip", id="no labels"),
    ],
)
def test_the_webhook_is_known_by_namespace_and_labels(change: JsonMap, expected: str) -> None:
    manifest = deployment("webhook", "replicas: 1")
    metadata = manifest["metadata"]
    assert isinstance(metadata, dict)
    assert verdict("cm-webhook-replicas", {**manifest, "metadata": {**metadata, **change}}) == expected


def test_the_controllers_name_label_may_vary() -> None:
    manifest = deployment("controller", "replicas: 1")
    manifest["metadata"]["labels"]["app.kubernetes.io/name"] = "cmx"  # type: ignore[call-overload,index]
    assert verdict("cm-controller-replicas", manifest) == "fail"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("quay.io/jetstack/cert-manager-webhook:v1.21.1", "fail"),
        ("cert-manager-webhook", "fail"),
        ("registry:5000/cert-manager-webhook@sha256:0a", "fail"),
        ("quay.io/jetstack/cert-manager-webhook-ovh:v1", "skip"),
        ("quay.io/cert-manager-webhook/proxy:v1", "skip"),
        ("quay.io/jetstack/my-cert-manager-webhook:v1", "skip"),
        ("quay.io/jetstack/cert-manager-controller:v1", "skip"),
    ],
)
def test_the_webhook_is_known_by_its_image_anywhere(image: str, expected: str) -> None:
    spec = f"replicas: 1\ntemplate: {{spec: {{containers: [{{image: proxy}}, {{image: '{image}'}}]}}}}"
    manifest = {**deployment("x", spec), "metadata": {"name": "d", "namespace": "pki"}}
    assert verdict("cm-webhook-replicas", manifest) == expected


def test_the_namespaces_are_a_parameter() -> None:
    manifest = deployment("webhook", "replicas: 1", namespace="pki")
    assert verdict("cm-webhook-replicas", manifest) == "skip"
    assert verdict("cm-webhook-replicas", manifest, {"namespaces": ("pki",)}) == "fail"


def test_every_kind_has_an_example_that_passes_and_one_that_fails() -> None:
    judged = {
        (each.id, kind, judge_example(each, example).verdict)
        for each in cert_manager().rules
        for example in (*each.about.good, *each.about.bad)
        if (kind := kind_of(each, example.object))
    }
    wanted = {
        (each.id, kind, wanted)
        for each in cert_manager().rules
        for kind in each.kinds
        for wanted in (Verdict.PASS, Verdict.FAIL)
    }
    assert wanted - judged == set()
