"""Network policies, solvers and nodes: what the rules tell apart. The tables hold the part that matters, and the verdict."""

from __future__ import annotations

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.values import JsonMap

from tests.policies.manifests import other, verdict, with_pod

KEY = "node-restriction.kubernetes.io/reserved-for"

# Network policies


def policy(spec: str) -> JsonMap:
    return other("networking.k8s.io/v1", "NetworkPolicy", spec)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("[]", "pass"),
        ("[{}]", "fail"),
        ("[{from: []}]", "fail"),
        ("[{ports: [{port: https}]}]", "pass"),
        ("[{ports: [{port: 10250}]}]", "pass"),
        ("[{ports: [{port: 443}]}]", "fail"),
        ("[{ports: [{port: https}, {port: http-metrics}]}]", "fail"),
        ("[{ports: [{port: 10250, endPort: 10251}]}]", "fail"),
        ("[{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 9402}]}]", "fail"),
        ("[{from: [{ipBlock: {cidr: '::/0', except: ['fc00::/7']}}]}]", "fail"),
        ("[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", "pass"),
        ("[{from: [{namespaceSelector: {}}]}]", "fail"),
        ("[{from: [{namespaceSelector: {matchLabels: {}}, podSelector: {}}]}]", "fail"),
        ("[{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}]}]", "pass"),
        ("[{from: [{namespaceSelector: {matchExpressions: [{key: a, operator: Exists}]}}]}]", "pass"),
        ("[{from: [{podSelector: {}}]}]", "pass"),
    ],
)
def test_who_may_come_in(rules: str, expected: str) -> None:
    assert verdict("cm-netpol-no-allow-all-ingress", policy(f"{{podSelector: {{}}, ingress: {rules}}}")) == expected


def test_ports_that_may_be_open_are_parameters() -> None:
    manifest = policy("{podSelector: {}, ingress: [{ports: [{port: webhook}, {port: 10260}]}]}")
    open_ports: dict[str, ir.Constant] = {"exempt_port_names": ("webhook",), "exempt_port_numbers": (10260,)}
    assert verdict("cm-netpol-no-allow-all-ingress", manifest) == "fail"
    assert verdict("cm-netpol-no-allow-all-ingress", manifest, open_ports) == "pass"


@pytest.mark.parametrize(
    ("rules", "loose", "strict"),
    [
        ("[]", "pass", "pass"),
        ("[{}]", "fail", "fail"),
        ("[{ports: [{port: 443}]}]", "pass", "fail"),
        ("[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]", "pass", "pass"),
        ("[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", "fail", "fail"),
        ("[{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: e2e-vault}}}]}]", "pass", "pass"),
        ("[{to: [{podSelector: {}}]}, {ports: []}]", "fail", "fail"),
    ],
)
def test_where_pods_may_go(rules: str, loose: str, strict: str) -> None:
    manifest = policy(f"{{podSelector: {{}}, policyTypes: [Egress], egress: {rules}}}")
    assert verdict("cm-netpol-no-allow-all-egress", manifest) == loose
    assert verdict("cm-netpol-no-allow-all-egress", manifest, {"strict": True}) == strict


@pytest.mark.parametrize("rule_id", ["cm-netpol-no-allow-all-ingress", "cm-netpol-no-empty-selector-allow"])
def test_rules_of_a_direction_that_a_policy_is_not_for_do_not_count(rule_id: str) -> None:
    assert verdict(rule_id, policy("{podSelector: {}, policyTypes: [Egress], ingress: [{}], egress: []}")) == "pass"
    assert verdict(rule_id, policy("{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}]}")) == "fail"


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("{}", "fail"),
        ("{matchLabels: {}}", "fail"),
        ("{matchLabels: {}, matchExpressions: []}", "fail"),
        ("{matchLabels: {app: webhook}}", "pass"),
        ("{matchExpressions: [{key: app, operator: Exists}]}", "pass"),
    ],
)
def test_an_empty_selector_only_denies(selector: str, expected: str) -> None:
    manifest = policy(f"{{podSelector: {selector}, ingress: [{{from: [{{podSelector: {{}}}}]}}]}}")
    assert verdict("cm-netpol-no-empty-selector-allow", manifest) == expected
    denying = policy(f"{{podSelector: {selector}, policyTypes: [Ingress, Egress], egress: []}}")
    assert verdict("cm-netpol-no-empty-selector-allow", denying) == "pass"


# The controller's DNS, and solvers


@pytest.mark.parametrize(
    ("args", "expected", "with_http01"),
    [
        ("[--dns01-recursive-nameservers=a:53, --dns01-recursive-nameservers-only]", "pass", "fail"),
        (
            "[--dns01-recursive-nameservers=a:53, --dns01-recursive-nameservers-only, --acme-http01-solver-nameservers, a:53]",
            "pass",
            "pass",
        ),
        ("[--dns01-recursive-nameservers=, --dns01-recursive-nameservers-only]", "fail", "fail"),
        ("[--dns01-recursive-nameservers=a:53, --dns01-recursive-nameservers-only=0]", "fail", "fail"),
        ("[]", "fail", "fail"),
    ],
)
def test_dns_servers_are_chosen(args: str, expected: str, with_http01: str) -> None:
    manifest = with_pod("controller", f"{{containers: [{{name: cert-manager-controller, args: {args}}}]}}")
    assert verdict("cm-dns01-nameservers-pinned", manifest) == expected
    assert verdict("cm-dns01-nameservers-pinned", manifest, {"http01": True}) == with_http01


@pytest.mark.parametrize(
    ("labels", "spec", "expected"),
    [
        ("{acme.cert-manager.io/http01-solver: 'true'}", "{automountServiceAccountToken: false}", "pass"),
        ("{acme.cert-manager.io/http01-solver: 'true'}", "{}", "fail"),
        ("{acme.cert-manager.io/http01-solver: 'false'}", "{}", "skip"),
        ("{}", "{containers: [{image: quay.io/jetstack/cert-manager-acmesolver:v1}]}", "fail"),
    ],
)
def test_solvers_are_known_in_any_namespace(labels: str, spec: str, expected: str) -> None:
    metadata = {"name": "s", "namespace": "shop", "labels": yaml.safe_load(labels)}
    manifest: JsonMap = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": yaml.safe_load(spec)}
    assert verdict("cm-acmesolver-no-api-access", manifest) == expected
    hardened = verdict("cm-readonly-rootfs", manifest)
    assert hardened == ("skip" if expected == "skip" else "pass" if "containers" not in spec else "fail")


# Nodes


def node(labels: str, taints: str) -> JsonMap:
    metadata = {"name": "n", "labels": yaml.safe_load(labels)}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": {"taints": yaml.safe_load(taints)}}


@pytest.mark.parametrize(
    ("labels", "taints", "tainted", "prefix"),
    [
        (f"{{{KEY}: platform}}", f"[{{key: {KEY}, value: platform, effect: NoExecute}}]", "pass", "pass"),
        (f"{{{KEY}: platform}}", f"[{{key: {KEY}, value: platform, effect: NoSchedule}}]", "fail", "pass"),
        (f"{{{KEY}: platform}}", "[]", "fail", "pass"),
        (f"{{{KEY}: tenants}}", "[]", "skip", "pass"),
        ("{pool: platform}", "[{key: pool, value: platform, effect: NoExecute}]", "skip", "fail"),
        ("{pool: platform}", "[]", "skip", "pass"),
        ("{pool: spot}", "[{key: pool, value: spot, effect: NoExecute}]", "skip", "pass"),
    ],
)
def test_reserved_nodes(labels: str, taints: str, tainted: str, prefix: str) -> None:
    assert verdict("cm-node-reserved-tainted", node(labels, taints)) == tainted
    assert verdict("cm-node-reserved-prefix", node(labels, taints)) == prefix


def test_a_reserved_key_that_kubelets_may_set_is_told_on_every_node_that_has_it() -> None:
    manifest = node("{pool: platform}", "[]")
    assert verdict("cm-node-reserved-prefix", manifest, {"reserved_key": "pool"}) == "fail"
    assert verdict("cm-node-reserved-tainted", manifest, {"reserved_key": "pool"}) == "fail"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (f"{{nodeSelector: {{{KEY}: platform}}}}", "fail"),
        (f"{{nodeSelector: {{{KEY}: tenants}}}}", "pass"),
        ("{nodeSelector: {kubernetes.io/os: linux}}", "pass"),
    ],
)
def test_tenants_do_not_ask_for_the_platforms_nodes(spec: str, expected: str) -> None:
    pod = with_pod("webhook", spec)
    tenant = {**pod, "metadata": {"name": "t", "namespace": "shop"}}
    assert verdict("cm-tenant-node-selector-denied", tenant) == expected
    assert verdict("cm-tenant-node-selector-denied", pod) == "skip"


def test_the_platforms_namespaces_are_a_parameter() -> None:
    pod = with_pod("webhook", "{priorityClassName: system-node-critical}")
    tenant = {**pod, "metadata": {"name": "t", "namespace": "gatekeeper-system"}}
    assert verdict("cm-tenant-critical-priority-denied", tenant) == "fail"
    platform = {"platform_namespaces": ("gatekeeper-system",)}
    assert verdict("cm-tenant-critical-priority-denied", tenant, platform) == "skip"
    assert verdict("cm-tenant-critical-priority-denied", tenant, {"classes": ("top",)}) == "pass"


def test_a_scheduled_pod_may_name_its_node() -> None:
    assert verdict("cm-no-node-name", with_pod("webhook", "{nodeName: n}")) == "fail"
    assert verdict("cm-no-node-name", with_pod("webhook", "{nodeName: null}")) == "pass"
