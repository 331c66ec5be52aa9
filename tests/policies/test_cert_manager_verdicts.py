"""The cert-manager rules tell apart what a careless reading would not.

The tables hold the part of a manifest that matters, as YAML, and the verdict.
"""

from __future__ import annotations

import pytest
from cmpolicy.evaluate import judge

from tests.policies.manifests import deployment, other, verdict, with_pod
from tests.policies.packs import rule

# Replicas and rollouts


@pytest.mark.parametrize(
    ("rule_id", "component", "replicas", "expected"),
    [
        ("cm-controller-replicas", "controller", "replicas: 2", "pass"),
        ("cm-controller-replicas", "controller", "replicas: 3", "pass"),
        ("cm-controller-replicas", "controller", "replicas: 1", "fail"),
        ("cm-controller-replicas", "controller", "{}", "fail"),
        ("cm-cainjector-replicas", "cainjector", "replicas: 2", "pass"),
        ("cm-cainjector-replicas", "cainjector", "replicas: null", "fail"),
        ("cm-webhook-replicas", "webhook", "replicas: 3", "pass"),
        ("cm-webhook-replicas", "webhook", "replicas: 2", "fail"),
        ("cm-webhook-replicas", "webhook", "replicas: '3'", "fail"),
        ("cm-webhook-replicas", "webhook", "{}", "fail"),
    ],
)
def test_replicas(rule_id: str, component: str, replicas: str, expected: str) -> None:
    assert verdict(rule_id, deployment(component, replicas)) == expected


def test_a_finding_names_the_number_that_counts() -> None:
    judgement = judge(rule("cm-webhook-replicas"), deployment("webhook", "{}"))
    assert judgement.message == "d runs 1 replica(s); run at least 3"


@pytest.mark.parametrize(
    ("strategy", "replicas", "expected"),
    [
        ("{}", 3, "pass"),
        ("{type: Recreate}", 3, "fail"),
        ("{rollingUpdate: {maxUnavailable: 1}}", 3, "pass"),
        ("{rollingUpdate: {maxUnavailable: 2}}", 3, "fail"),
        ("{rollingUpdate: {maxUnavailable: 66%}}", 3, "pass"),
        ("{rollingUpdate: {maxUnavailable: 67%}}", 3, "fail"),
        ("{rollingUpdate: {maxUnavailable: 1}}", 1, "pass"),
        ("{rollingUpdate: {maxSurge: 0}}", 2, "fail"),
        ("{rollingUpdate: {maxSurge: 0%, maxUnavailable: 40%}}", 2, "fail"),
        ("{rollingUpdate: {maxSurge: 0}}", 3, "pass"),
        ("{rollingUpdate: {maxUnavailable: one}}", 3, "fail"),
    ],
)
def test_a_rollout_keeps_two_pods(strategy: str, replicas: int, expected: str) -> None:
    manifest = deployment("webhook", f"{{replicas: {replicas}, strategy: {strategy}}}")
    assert verdict("cm-webhook-rollout-keeps-replicas", manifest) == expected


@pytest.mark.parametrize(
    "replicas", [2, 3, 4, 5, 7, 10, 11, 12, 13, 14, 20, 21, 33, 34, 50, 51, 99, 100, 101, 102, 5000]
)
def test_a_percentage_is_judged_as_the_deployment_controller_computes_it(replicas: int) -> None:
    def keeps_two(percent: int) -> bool:
        manifest = deployment(
            "webhook", f"{{replicas: {replicas}, strategy: {{rollingUpdate: {{maxUnavailable: {percent}%}}}}}}"
        )
        return verdict("cm-webhook-rollout-keeps-replicas", manifest) == "pass"

    computed = [percent for percent in range(102) if replicas - percent * replicas // 100 >= 2]
    assert [percent for percent in range(102) if keeps_two(percent)] == computed


@pytest.mark.parametrize("replicas", [2, 3, 10, 20, 21])
def test_a_number_is_judged_exactly_up_to_its_bound(replicas: int) -> None:
    def keeps_two(pods: int) -> bool:
        spec = f"{{replicas: {replicas}, strategy: {{rollingUpdate: {{maxUnavailable: {pods}}}}}}}"
        return verdict("cm-webhook-rollout-keeps-replicas", deployment("webhook", spec)) == "pass"

    assert [pods for pods in range(24) if keeps_two(pods)] == list(range(replicas - 1))


# Budgets and quotas


@pytest.mark.parametrize(
    ("rule_id", "spec", "expected"),
    [
        ("cm-pdb-min-available", "{minAvailable: 1}", "pass"),
        ("cm-pdb-min-available", "{minAvailable: 50%}", "fail"),
        ("cm-pdb-min-available", "{maxUnavailable: 1}", "pass"),
        ("cm-pdb-min-available", "{minAvailable: 1, maxUnavailable: 1}", "fail"),
        ("cm-pdb-min-available", "{}", "fail"),
        ("cm-pdb-not-blocking", "{maxUnavailable: 0}", "fail"),
        ("cm-pdb-not-blocking", "{maxUnavailable: 0%}", "fail"),
        ("cm-pdb-not-blocking", "{minAvailable: 100%}", "fail"),
        ("cm-pdb-not-blocking", "{minAvailable: 67%}", "pass"),
        ("cm-pdb-not-blocking", "{minAvailable: 1}", "pass"),
    ],
)
def test_budgets(rule_id: str, spec: str, expected: str) -> None:
    assert verdict(rule_id, other("policy/v1", "PodDisruptionBudget", spec)) == expected


def test_a_maximum_can_be_refused() -> None:
    budget = other("policy/v1", "PodDisruptionBudget", "{maxUnavailable: 1}")
    assert verdict("cm-pdb-min-available", budget, {"allow_max_unavailable": False}) == "fail"


def test_the_startupapicheck_needs_no_budget() -> None:
    budget = other("policy/v1", "PodDisruptionBudget", "{}", "startupapicheck")
    assert verdict("cm-pdb-min-available", budget) == "skip"


@pytest.mark.parametrize(
    ("pods", "scope", "expected"),
    [
        ("1G", "{scopeName: PriorityClass, operator: In, values: [system-cluster-critical]}", "pass"),
        ("8", "{scopeName: PriorityClass, operator: Exists}", "pass"),
        ("7", "{scopeName: PriorityClass, operator: Exists}", "fail"),
        ("800m", "{scopeName: PriorityClass, operator: Exists}", "fail"),
        ("1G", "{scopeName: BestEffort, operator: Exists}", "fail"),
        ("1G", "{scopeName: PriorityClass, operator: In, values: [high]}", "fail"),
    ],
)
def test_quotas(pods: str, scope: str, expected: str) -> None:
    spec = f"{{hard: {{pods: {pods}}}, scopeSelector: {{matchExpressions: [{scope}]}}}}"
    assert verdict("cm-priority-quota-shape", other("v1", "ResourceQuota", spec)) == expected


# Nodes

KEY = "node-restriction.kubernetes.io/reserved-for"


@pytest.mark.parametrize(
    ("toleration", "reserved", "not_broad", "tenant"),
    [
        (f"{{key: {KEY}, operator: Equal, value: platform}}", "pass", "pass", "fail"),
        (f"{{key: {KEY}, value: platform, effect: NoExecute}}", "pass", "pass", "fail"),
        (f"{{key: {KEY}, value: platform, effect: NoSchedule}}", "fail", "pass", "pass"),
        (f"{{key: {KEY}, operator: Exists}}", "pass", "pass", "fail"),
        ("{operator: Exists}", "pass", "fail", "fail"),
        ("{operator: Exists, effect: NoSchedule}", "fail", "fail", "pass"),
        (f"{{key: {KEY}, value: platform, effect: NoExecute, tolerationSeconds: 300}}", "fail", "pass", "fail"),
        (f"{{key: {KEY}, value: tenants}}", "fail", "pass", "pass"),
        ("{key: other, operator: Exists}", "fail", "pass", "pass"),
    ],
)
def test_tolerations(toleration: str, reserved: str, not_broad: str, tenant: str) -> None:
    manifest = with_pod("cainjector", f"tolerations: [{toleration}]")
    assert verdict("cm-tolerations-reserved", manifest) == reserved
    assert verdict("cm-tolerations-not-broad", manifest) == not_broad
    assert verdict("cm-tenant-toleration-denied", manifest) == "skip"
    foreign = {**manifest, "metadata": {"name": "d", "namespace": "tenant"}}
    assert verdict("cm-tenant-toleration-denied", foreign) == tenant


RESERVED = f"{{matchExpressions: [{{key: {KEY}, operator: In, values: [platform]}}]}}"
LINUX = "{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [linux]}]}"


@pytest.mark.parametrize(
    ("pod", "reserved", "linux"),
    [
        (f"nodeSelector: {{{KEY}: platform, kubernetes.io/os: linux}}", "pass", "pass"),
        (f"nodeSelector: {{{KEY}: platform}}", "pass", "fail"),
        ("nodeSelector: {kubernetes.io/os: linux}", "fail", "pass"),
        (f"terms: [{RESERVED}]", "pass", "fail"),
        (f"terms: [{RESERVED}, {LINUX}]", "fail", "fail"),
        (f"terms: [{LINUX}, {LINUX}]", "fail", "pass"),
        ("terms: []", "fail", "fail"),
    ],
)
def test_node_selectors(pod: str, reserved: str, linux: str) -> None:
    if pod.startswith("terms"):
        pod = (
            "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
            f"{{nodeSelectorTerms: {pod.removeprefix('terms: ')}}}}}}}"
        )
    assert verdict("cm-node-selector-reserved", with_pod("controller", pod)) == reserved
    assert verdict("cm-node-selector-linux", with_pod("controller", pod)) == linux


def test_the_reserved_label_is_a_parameter() -> None:
    manifest = with_pod("webhook", "nodeSelector: {pool: infra}")
    infra = {"reserved_key": "pool", "reserved_value": "infra"}
    assert verdict("cm-node-selector-reserved", manifest, infra) == "pass"


# Resources


@pytest.mark.parametrize(
    ("resources", "requested", "limited", "within"),
    [
        ("{}", "fail", "fail", "pass"),
        ("{requests: {memory: 64Mi}}", "pass", "fail", "pass"),
        ("{limits: {memory: 64Mi}}", "pass", "pass", "pass"),
        ("{requests: {memory: 1Gi}, limits: {memory: 1024Mi}}", "pass", "pass", "pass"),
        ("{requests: {memory: 1Gi}, limits: {memory: 1G}}", "pass", "pass", "fail"),
        ("{requests: {cpu: 1}, limits: {cpu: 999m}}", "fail", "fail", "fail"),
    ],
)
@pytest.mark.parametrize("place", ["containers", "initContainers"])
def test_resources(place: str, resources: str, requested: str, limited: str, within: str) -> None:
    well = "{name: a, resources: {limits: {memory: 1Gi}}}"
    manifest = with_pod("webhook", f"{{containers: [{well}], {place}: [{well}, {{name: b, resources: {resources}}}]}}")
    assert verdict("cm-memory-request", manifest) == requested
    assert verdict("cm-memory-limit", manifest) == limited
    assert verdict("cm-requests-within-limits", manifest) == within


# Flags and probes


@pytest.mark.parametrize(
    ("args", "namespace", "expected"),
    [
        ("['--namespace=cert-manager']", "cert-manager", "pass"),
        ("['--namespace=cert-manager', '--namespace=']", "cert-manager", "fail"),
        ("['--namespace=', '--namespace=cert-manager']", "cert-manager", "pass"),
        ("['--namespace', 'cert-manager']", "cert-manager", "pass"),
        ("['--namespace=cert-manager']", "pki", "fail"),
        ("['--namespace=pki']", "pki", "pass"),
        ("['--v=2']", "cert-manager", "fail"),
        ("null", "cert-manager", "fail"),
    ],
)
def test_the_cainjector_watches_its_own_namespace(args: str, namespace: str, expected: str) -> None:
    container = f"{{name: cert-manager-cainjector, image: cert-manager-cainjector, args: {args}}}"
    spec = f"{{template: {{spec: {{containers: [{container}]}}}}}}"
    manifest = deployment("cainjector", spec, namespace=namespace)
    assert verdict("cm-cainjector-namespace-scoped", manifest) == expected
    assert verdict("cm-cainjector-namespace-scoped", manifest, {"exclusive": False}) == "pass"


@pytest.mark.parametrize(
    ("probe", "present", "endpoint"),
    [
        ("{httpGet: {path: /livez, port: 9403}}", "pass", "pass"),
        ("{httpGet: {path: /livez, port: http-healthz, scheme: HTTP}}", "pass", "pass"),
        ("{httpGet: {path: /livez, port: 9443}}", "pass", "fail"),
        ("{httpGet: {path: /healthz, port: 9403}}", "pass", "fail"),
        ("null", "fail", "pass"),
    ],
)
def test_the_controllers_probe(probe: str, present: str, endpoint: str) -> None:
    manifest = with_pod("controller", f"containers: [{{name: cert-manager-controller, livenessProbe: {probe}}}]")
    assert verdict("cm-controller-liveness", manifest) == present
    assert verdict("cm-controller-liveness-endpoint", manifest) == endpoint


def test_the_port_that_the_page_names_can_be_allowed() -> None:
    probe = "{httpGet: {path: /livez, port: 9443}}"
    manifest = with_pod("controller", f"containers: [{{name: cert-manager-controller, livenessProbe: {probe}}}]")
    assert verdict("cm-controller-liveness-endpoint", manifest, {"port_numbers": (9403, 9443)}) == "pass"


# Network policies


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{podSelector: {}, policyTypes: [Egress], egress: []}", "pass"),
        ("{podSelector: {}, egress: []}", "fail"),
        ("{podSelector: {matchLabels: {}}, egress: []}", "fail"),
        ("{podSelector: {matchLabels: {app: trust-manager}}, egress: []}", "skip"),
        ("{podSelector: {}, policyTypes: [Ingress], egress: []}", "fail"),
        ("{podSelector: {}, policyTypes: [Ingress]}", "pass"),
    ],
)
def test_policy_types(spec: str, expected: str) -> None:
    manifest = other("networking.k8s.io/v1", "NetworkPolicy", spec)
    assert verdict("cm-netpol-explicit-policytypes", manifest) == expected
