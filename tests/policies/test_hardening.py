"""The hardening pack: its rules are complete, off by default, and traced to their own sources."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.evaluate import Verdict, judge, judge_example, kind_of
from cmpolicy.traceability import read_sources, strangers
from cmpolicy.values import JsonMap

from tests.policies.manifests import deployment, verdict, with_pod
from tests.policies.packs import HARDENING, cert_manager, hardening, rule

SEVERITIES = {
    "cm-approver-rbac": "high",
    "cm-auto-approver-disabled": "high",
    "cm-ca-issuer-review": "info",
    "cm-certificate-duration": "low",
    "cm-certificate-key-strength": "medium",
    "cm-certificate-rotation-always": "medium",
    "cm-challenge-order-rbac": "high",
    "cm-issuer-write-rbac": "high",
    "cm-netpol-acme-egress": "medium",
    "cm-netpol-chart-defaults-customised": "medium",
    "cm-netpol-no-e2e-rules": "low",
    "cm-netpol-solver-isolated": "medium",
    "cm-no-self-token-rbac": "medium",
    "cm-solver-podtemplate-security": "high",
    "cm-solver-service-clusterip": "medium",
    "cm-unused-components-off": "info",
}
OPT_IN = {
    "cm-auto-approver-disabled": "approver-policy",
    "cm-netpol-acme-egress": "hardening-relations",
    "cm-netpol-solver-isolated": "hardening-relations",
    "cm-unused-components-off": "least-functionality",
}
"""The others are in `hardening`."""
RULES = hardening().rules
(SOURCE,) = read_sources([HARDENING])
NAMED = {rule_id for _, each in SOURCE.statements for rule_id in each.rules}


def test_the_pack_has_these_rules_and_nothing_is_wrong_with_them() -> None:
    assert [diagnostic.message for diagnostic in hardening().diagnostics] == []
    assert {each.id: str(each.about.severity) for each in RULES} == SEVERITIES


@pytest.mark.parametrize("rule_id", SEVERITIES)
def test_a_rule_says_what_people_need_to_know(rule_id: str) -> None:
    about = rule(rule_id).about
    assert about.title
    assert len(about.description) > 60
    assert about.remedy or about.helm_values
    assert about.docs.startswith("https://")
    assert len(about.good) >= 3
    assert len(about.bad) >= 3


def test_no_rule_is_on_by_default() -> None:
    assert {each.id: each.about.profiles for each in RULES} == {
        rule_id: (OPT_IN.get(rule_id, "hardening"),) for rule_id in SEVERITIES
    }


def test_no_id_is_one_of_the_first_packs() -> None:
    assert not {each.id for each in RULES} & {each.id for each in cert_manager().rules}


def test_every_kind_has_an_example_that_passes_and_one_that_fails() -> None:
    judged = {
        (each.id, kind, judge_example(each, example).verdict)
        for each in RULES
        for example in (*each.about.good, *each.about.bad)
        if (kind := kind_of(each, example.object))
    }
    wanted = {(each.id, kind, end) for each in RULES for kind in each.kinds for end in (Verdict.PASS, Verdict.FAIL)}
    assert wanted - judged == set()


# The source


def test_every_rule_is_named_and_every_name_is_one_of_a_rule() -> None:
    assert {*SEVERITIES} - NAMED == set()
    assert strangers(SOURCE, SEVERITIES) == ()
    assert SOURCE.planned == NAMED - {*SEVERITIES}


def test_sixteen_of_the_seventeen_have_a_rule_and_one_a_reason() -> None:
    assert len(NAMED) == 16
    assert [each.says[:4] for _, each in SOURCE.statements if each.reason] == ["T-17"]


def test_each_rule_names_a_section_that_names_the_rule() -> None:
    sections = {(section.name, rule_id) for section, each in SOURCE.statements for rule_id in each.rules}
    named = {(source.split(": ")[0], each.id) for each in RULES for source in each.about.sources}
    assert named - sections == set()
    assert {rule_id for _, rule_id in named} == {*SEVERITIES}


# Verdicts, on manifests that are made without the pack's own examples


def issuer(spec: str, kind: str = "Issuer") -> JsonMap:
    metadata = {"name": "i", "namespace": "shop"} if kind == "Issuer" else {"name": "i"}
    return {"apiVersion": "cert-manager.io/v1", "kind": kind, "metadata": metadata, "spec": yaml.safe_load(spec)}


def certificate(spec: str) -> JsonMap:
    return {**issuer(spec), "kind": "Certificate"}


def role(rules: str, name: str = "r", kind: str = "ClusterRole", **metadata: str) -> JsonMap:
    found = {"name": name, **metadata}
    api = "rbac.authorization.k8s.io/v1"
    return {"apiVersion": api, "kind": kind, "metadata": found, "rules": yaml.safe_load(rules)}


HTTP01 = "acme: {solvers: [{http01: {ingress: {serviceType: ClusterIP, podTemplate: {spec: {securityContext: %s}}}}}]}"
SOLVER = "acme: {solvers: [{dns01: {}}, {http01: {%s: {%s}}}]}"


@pytest.mark.parametrize(
    ("rule_id", "manifest", "expected"),
    [
        ("podtemplate-security", issuer(HTTP01 % "{runAsUser: 1000}"), "fail"),
        ("podtemplate-security", issuer(HTTP01 % "{}", "ClusterIssuer"), "fail"),
        ("podtemplate-security", issuer(HTTP01 % "null"), "pass"),
        ("podtemplate-security", issuer(HTTP01 % "{runAsNonRoot: true, seccompProfile: {type: Localhost}}"), "pass"),
        ("podtemplate-security", issuer("acme: {solvers: [{http01: {ingress: {podTemplate: {}}}}]}"), "pass"),
        ("service-clusterip", issuer(HTTP01 % "null"), "pass"),
        ("service-clusterip", issuer(SOLVER % ("ingress", ""), "ClusterIssuer"), "fail"),
        ("service-clusterip", issuer(SOLVER % ("gatewayHTTPRoute", "serviceType: NodePort")), "fail"),
        ("service-clusterip", issuer("vault: {server: https://v}"), "pass"),
    ],
)
def test_solvers(rule_id: str, manifest: JsonMap, expected: str) -> None:
    assert verdict(f"cm-solver-{rule_id}", manifest) == expected


@pytest.mark.parametrize(
    ("rule_id", "spec", "parameters", "expected"),
    [
        ("key-strength", "{}", {}, "fail"),
        ("key-strength", "{}", {"rsa_minimum": 2048}, "pass"),
        ("key-strength", "privateKey: {size: 4096}", {}, "pass"),
        ("key-strength", "privateKey: {algorithm: ECDSA}", {}, "pass"),
        ("key-strength", "privateKey: {algorithm: ECDSA}", {"ecdsa_minimum": 384}, "fail"),
        ("key-strength", "privateKey: {algorithm: Ed25519}", {"rsa_minimum": 9999}, "pass"),
        ("duration", "{}", {}, "pass"),
        ("duration", "{}", {"maximum": "2159h59m59s"}, "fail"),
        ("duration", "duration: 2400h0m0s", {}, "pass"),
        ("duration", "duration: 2400h1s", {}, "fail"),
        ("duration", "duration: 1h", {"maximum": "soon"}, "fail"),
        ("rotation-always", "{}", {}, "pass"),
        ("rotation-always", "{}", {"explicit": True}, "fail"),
        ("rotation-always", "privateKey: {rotationPolicy: Always}", {"explicit": True}, "pass"),
        ("rotation-always", "privateKey: {rotationPolicy: Never}", {}, "fail"),
    ],
)
def test_certificates(rule_id: str, spec: str, parameters: dict[str, ir.Constant], expected: str) -> None:
    assert verdict(f"cm-certificate-{rule_id}", certificate(spec), parameters) == expected


APPROVE = "{apiGroups: [cert-manager.io], resources: [signers], verbs: [approve], resourceNames: %s}"
REQUEST = "{apiGroups: [cert-manager.io], resources: [certificaterequests], verbs: ['*']}"
ISSUERS = "[{apiGroups: [cert-manager.io], resources: [certificates, issuers], verbs: [get, patch]}]"
ORDERS = "[{apiGroups: [acme.cert-manager.io], resources: [orders], verbs: [create]}]"
TOKENS = "[{apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [%s], verbs: [create]}]"
MINE = {"kind": "Role", "namespace": "cert-manager"}


@pytest.mark.parametrize(
    ("rule_id", "manifest", "parameters", "expected"),
    [
        ("approver-rbac", role(f"[{APPROVE % '[issuers.cert-manager.io/*]'}]"), {}, "pass"),
        ("approver-rbac", role(f"[{APPROVE % '[]'}]"), {}, "fail"),
        ("approver-rbac", role(f"[{APPROVE % '[]'}]"), {"allowed": ("r",)}, "pass"),
        ("approver-rbac", role(f"[{APPROVE % '[a]'}, {REQUEST}]"), {}, "fail"),
        ("approver-rbac", role(f"[{REQUEST}]"), {}, "pass"),
        ("issuer-write-rbac", role(ISSUERS), {}, "fail"),
        ("issuer-write-rbac", role(ISSUERS), {"allowed": ("r",)}, "pass"),
        ("issuer-write-rbac", role(ISSUERS, "system:x"), {}, "skip"),
        ("issuer-write-rbac", role(ISSUERS, "cert-manager-edit"), {}, "pass"),
        ("challenge-order-rbac", role(ORDERS), {}, "fail"),
        ("challenge-order-rbac", role(ORDERS, "cm-cert-manager-controller-orders"), {}, "pass"),
        ("challenge-order-rbac", role(ORDERS, kind="Role", namespace="shop"), {}, "fail"),
        ("no-self-token-rbac", role(TOKENS % "cert-manager", **MINE), {}, "fail"),
        ("no-self-token-rbac", role(TOKENS % "vault", **MINE), {}, "pass"),
        ("no-self-token-rbac", role(TOKENS % "vault", **MINE), {"service_accounts": ("vault",)}, "fail"),
        ("no-self-token-rbac", role(TOKENS % "", **{**MINE, "namespace": "pki"}), {}, "skip"),
    ],
)
def test_roles(rule_id: str, manifest: JsonMap, parameters: dict[str, ir.Constant], expected: str) -> None:
    assert verdict(f"cm-{rule_id}", manifest, parameters) == expected


CONTAINER = "containers: [{name: cert-manager-controller, args: [%s]}]"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("--controllers=-certificaterequests-approver", "pass"),
        ("--controllers, '*,-certificaterequests-approver'", "pass"),
        ("'--controllers=*,certificaterequests-approver'", "fail"),
        ("", "fail"),
    ],
)
def test_the_approver(args: str, expected: str) -> None:
    assert verdict("cm-auto-approver-disabled", with_pod("controller", CONTAINER % args)) == expected


def test_the_components_that_are_not_used_are_a_parameter() -> None:
    manifest = deployment("webhook", "replicas: 1")
    assert verdict("cm-unused-components-off", manifest) == "pass"
    assert verdict("cm-unused-components-off", manifest, {"unused": ("webhook",)}) == "fail"


# The chart's own manifests

POLICIES = {
    "cert-manager-allow-ingress",
    *(f"cert-manager-{name}-allow-{way}" for name in ("webhook", "cainjector") for way in ("ingress", "egress")),
}
EDIT = {"cm-issuer-write-rbac": {"cert-manager-edit"}}
FAILURES: dict[str, dict[str, set[str]]] = {
    "default.yaml": EDIT,
    "static.yaml": EDIT,
    "best-practice-seed.yaml": EDIT,
    "best-practice-current.yaml": {
        **EDIT,
        "cm-netpol-chart-defaults-customised": POLICIES,
        "cm-netpol-no-e2e-rules": {"cert-manager-allow-egress"},
    },
}


@pytest.mark.parametrize("file", FAILURES)
def test_exactly_these_objects_of_the_chart_fail(manifests_folder: Path, file: str) -> None:
    text = (manifests_folder / "cert-manager" / file).read_text("utf-8")
    manifests = [each for each in yaml.safe_load_all(text) if each]
    wanted = [each for each in RULES if "hardening" in each.about.profiles]
    failing: dict[str, set[str]] = {}
    for each in wanted:
        for manifest in manifests:
            if judge(each, manifest).verdict is Verdict.FAIL:
                failing.setdefault(each.id, set()).add(manifest["metadata"]["name"])
    assert failing == FAILURES[file]
