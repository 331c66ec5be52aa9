"""The cert-manager pack: its rules are complete, and they know which objects are cert-manager's."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge_example, kind_of
from cmpolicy.values import JsonMap

from tests.policies.manifests import deployment, labels, verdict
from tests.policies.packs import PACK, cert_manager, rule

IDS = [
    # network
    "cm-netpol-no-allow-all-ingress",
    "cm-netpol-no-allow-all-egress",
    "cm-netpol-explicit-policytypes",
    "cm-netpol-no-empty-selector-allow",
    "cm-dns01-nameservers-pinned",
    "cm-acmesolver-no-api-access",
    # nodes
    "cm-node-selector-reserved",
    "cm-node-selector-linux",
    "cm-tolerations-reserved",
    "cm-tolerations-not-broad",
    "cm-no-node-name",
    "cm-node-reserved-tainted",
    "cm-node-reserved-prefix",
    "cm-tenant-toleration-denied",
    "cm-tenant-node-selector-denied",
    # replicas and topology
    "cm-controller-replicas",
    "cm-cainjector-replicas",
    "cm-webhook-replicas",
    "cm-leader-elected-replicas-ceiling",
    "cm-leader-election-enabled",
    "cm-no-hpa-on-leader-elected",
    "cm-webhook-hpa-floor",
    "cm-webhook-rollout-keeps-replicas",
    "cm-topology-spread-hostname",
    "cm-topology-spread-zone",
    "cm-topology-spread-selector",
    "cm-no-self-colocation",
    # budgets and priority
    "cm-pdb-min-available",
    "cm-pdb-not-blocking",
    "cm-pdb-selector-scoped",
    "cm-priority-class",
    "cm-priority-quota-shape",
    "cm-tenant-critical-priority-denied",
    # resources
    "cm-memory-request",
    "cm-memory-limit",
    "cm-cpu-request",
    "cm-cpu-limit",
    "cm-requests-within-limits",
    "cm-controller-memory-floor",
    "cm-cainjector-memory-floor",
    "cm-cpu-floor",
    "cm-cainjector-namespace-scoped",
    "cm-cainjector-no-certificate-source",
    # probes
    "cm-webhook-liveness",
    "cm-controller-liveness",
    "cm-controller-liveness-endpoint",
    "cm-webhook-liveness-endpoint",
    "cm-liveness-timings",
    "cm-liveness-not-readiness",
    "cm-cainjector-liveness-exempt",
    "cm-healthz-port-declared",
    # tokens
    "cm-sa-automount-disabled",
    "cm-pod-automount-disabled",
    "cm-token-volume-present",
    "cm-token-volume-sources",
    "cm-token-expiry",
    "cm-token-volume-mode",
    "cm-token-mounted",
    "cm-token-mount-readonly",
    "cm-token-not-in-sidecars",
    "cm-dedicated-service-account",
    "cm-no-legacy-token-secret",
    # standards
    "cm-pss-restricted",
    "cm-readonly-rootfs",
    "cm-namespace-psa-enforce",
    # looking up other objects
    "cm-netpol-default-deny-ingress",
    "cm-netpol-default-deny-egress",
    "cm-netpol-covers-ingress",
    "cm-netpol-covers-egress",
    "cm-netpol-dns-egress",
    "cm-netpol-apiserver-to-webhook",
    "cm-netpol-apiserver-egress",
    "cm-netpol-vault-egress",
    "cm-netpol-venafi-egress",
    "cm-netpol-dns01-api-egress",
    "cm-netpol-external-dns-egress",
    "cm-netpol-acmesolver-ingress",
    "cm-netpol-metrics-ingress",
    "cm-pdb-exists",
    "cm-pdb-replicas-exceed-min",
    "cm-pdb-min-below-replicas",
    "cm-pdb-unique",
    "cm-priority-quota-exists",
    "cm-cainjector-scope-not-shared",
    "cm-pod-automount-effective",
]

# Rules that not everybody wants: off unless their profile is asked for.
OPT_IN = {
    "relations": {
        "cm-cainjector-scope-not-shared",
        "cm-netpol-acmesolver-ingress",
        "cm-netpol-apiserver-egress",
        "cm-netpol-apiserver-to-webhook",
        "cm-netpol-covers-egress",
        "cm-netpol-covers-ingress",
        "cm-netpol-default-deny-egress",
        "cm-netpol-default-deny-ingress",
        "cm-netpol-dns-egress",
        "cm-netpol-dns01-api-egress",
        "cm-netpol-external-dns-egress",
        "cm-netpol-metrics-ingress",
        "cm-netpol-vault-egress",
        "cm-netpol-venafi-egress",
        "cm-pdb-exists",
        "cm-pdb-min-below-replicas",
        "cm-pdb-replicas-exceed-min",
        "cm-pdb-unique",
    },
    "isolation": {
        "cm-no-node-name",
        "cm-node-reserved-prefix",
        "cm-node-reserved-tainted",
        "cm-node-selector-linux",
        "cm-node-selector-reserved",
        "cm-tenant-node-selector-denied",
        "cm-tenant-toleration-denied",
        "cm-tolerations-not-broad",
        "cm-tolerations-reserved",
    },
    "gke": {"cm-priority-quota-exists", "cm-priority-quota-shape"},
    "topology": {"cm-topology-spread-hostname", "cm-topology-spread-zone"},
    "effective-automount": {"cm-pod-automount-effective"},
    "dns01": {"cm-dns01-nameservers-pinned"},
    "best-practice": {
        "cm-cainjector-namespace-scoped",
        "cm-cainjector-no-certificate-source",
        "cm-pdb-exists",
    },
}

CRITICAL = [
    "cm-netpol-apiserver-egress",
    "cm-netpol-apiserver-to-webhook",
    "cm-pdb-min-below-replicas",
    "cm-pdb-replicas-exceed-min",
    "cm-token-volume-present",
    "cm-webhook-replicas",
]


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


def test_only_what_everybody_wants_is_on_by_default() -> None:
    profiles = {each.id: each.about.profiles for each in cert_manager().rules}
    opt_in = {rule_id: found for rule_id, found in profiles.items() if "default" not in found}
    named = {rule_id for rules in OPT_IN.values() for rule_id in rules}
    assert opt_in == {each: tuple(profile for profile, rules in OPT_IN.items() if each in rules) for each in named}
    assert {each for found in profiles.values() for each in found} == {"default", *OPT_IN}


def test_only_what_stops_cert_manager_or_the_cluster_is_critical() -> None:
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
