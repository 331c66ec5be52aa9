"""Replicas, topology, budgets, resources and probes: what the rules tell apart, as tables of the part that matters."""

from __future__ import annotations

import pytest
import yaml
from cmpolicy.values import JsonMap

from tests.policies.manifests import deployment, labels, other, verdict, with_pod


def with_container(component: str, container: str, *, replicas: int | None = None) -> JsonMap:
    """A Deployment with one container of the component."""
    own: JsonMap = {"name": f"cert-manager-{component}", **yaml.safe_load(container)}
    template: JsonMap = {"metadata": {"labels": labels(component)}, "spec": {"containers": [own]}}
    manifest = deployment(component, "{}")
    return {**manifest, "spec": {"replicas": replicas, "template": template}}


# Leaders and autoscalers


@pytest.mark.parametrize(("component", "replicas"), [("controller", 3), ("cainjector", 3)])
def test_a_third_replica_is_of_no_use(component: str, replicas: int) -> None:
    ceiling = "cm-leader-elected-replicas-ceiling"
    assert verdict(ceiling, deployment(component, f"replicas: {replicas}")) == "fail"
    assert verdict(ceiling, deployment(component, f"replicas: {replicas}"), {"maximum": 3}) == "pass"
    assert verdict(ceiling, deployment(component, "replicas: 2")) == "pass"
    assert verdict(ceiling, deployment("webhook", "replicas: 3")) == "skip"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("[]", "pass"),
        ("[--leader-elect]", "pass"),
        ("[--leader-elect=TRUE]", "pass"),
        ("[--leader-elect=False]", "fail"),
        ("[--leader-elect=f]", "fail"),
        ("[--leader-elect=0]", "fail"),
        ("[--leader-elect=no]", "pass"),
        ("[--leader-elect=false, --leader-elect]", "pass"),
        ("[--leader-elect, 'false']", "pass"),
        ("[--leader-election=false]", "pass"),
    ],
)
def test_the_election_is_switched_off_as_go_reads_it(args: str, expected: str) -> None:
    several = with_container("controller", f"args: {args}", replicas=2)
    assert verdict("cm-leader-election-enabled", several) == expected
    assert verdict("cm-leader-election-enabled", with_container("controller", f"args: {args}")) == "pass"


@pytest.mark.parametrize(
    ("target", "least", "leader", "floor"),
    [
        ("cert-manager", "3", "fail", "pass"),
        ("cert-manager-cainjector", "3", "fail", "pass"),
        ("cert-manager-webhook", "3", "pass", "pass"),
        ("cert-manager-webhook", "2", "pass", "fail"),
        ("cert-manager-webhook", "null", "pass", "fail"),
        ("cm-cert-manager-webhook", "1", "pass", "pass"),
    ],
)
def test_autoscalers(target: str, least: str, leader: str, floor: str) -> None:
    spec = f"{{scaleTargetRef: {{kind: Deployment, name: {target}}}, minReplicas: {least}}}"
    manifest = other("autoscaling/v2", "HorizontalPodAutoscaler", spec)
    assert verdict("cm-no-hpa-on-leader-elected", manifest) == leader
    assert verdict("cm-webhook-hpa-floor", manifest) == floor
    renamed = {"names": ("cm-cert-manager-webhook", "cert-manager-webhook")}
    assert verdict("cm-webhook-hpa-floor", manifest, renamed) == ("fail" if target.startswith("cm-") else floor)


# Topology


@pytest.mark.parametrize(
    ("pod", "hostname", "zone"),
    [
        ("{}", "fail", "fail"),
        ("{topologySpreadConstraints: [{topologyKey: kubernetes.io/hostname}]}", "pass", "fail"),
        ("{topologySpreadConstraints: [{topologyKey: topology.kubernetes.io/zone}]}", "fail", "pass"),
    ],
)
def test_replicas_are_spread(pod: str, hostname: str, zone: str) -> None:
    assert verdict("cm-topology-spread-hostname", with_pod("webhook", pod)) == hostname
    assert verdict("cm-topology-spread-zone", with_pod("webhook", pod)) == zone


NAME = "app.kubernetes.io/name"


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("null", "fail"),
        ("{}", "pass"),
        (f"{{matchLabels: {{{NAME}: webhook}}}}", "pass"),
        (f"{{matchLabels: {{{NAME}: cainjector}}}}", "fail"),
        (f"{{matchExpressions: [{{key: {NAME}, operator: In, values: [webhook, x]}}]}}", "pass"),
        (f"{{matchExpressions: [{{key: {NAME}, operator: NotIn, values: [webhook]}}]}}", "fail"),
        ("{matchExpressions: [{key: tier, operator: NotIn, values: [x]}]}", "pass"),
        (f"{{matchExpressions: [{{key: {NAME}, operator: DoesNotExist}}]}}", "fail"),
        (f"{{matchLabels: {{{NAME}: webhook}}, matchExpressions: [{{key: tier, operator: Exists}}]}}", "fail"),
    ],
)
def test_a_constraint_selects_the_pods_that_it_is_for(selector: str, expected: str) -> None:
    pod = yaml.safe_load(f"{{topologySpreadConstraints: [{{labelSelector: {selector}}}]}}")
    template = {"metadata": {"labels": labels("webhook")}, "spec": pod}
    manifest = {**deployment("webhook", "{}"), "spec": {"template": template}}
    assert verdict("cm-topology-spread-selector", manifest) == expected
    term = {"labelSelector": yaml.safe_load(selector), "topologyKey": "kubernetes.io/hostname"}
    affinity = {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    together = {**manifest, "spec": {"template": {**template, "spec": {"affinity": affinity}}}}
    assert verdict("cm-no-self-colocation", together) == ("fail" if expected == "pass" else "pass")


# Budgets


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("{matchLabels: {app.kubernetes.io/component: webhook}}", "pass"),
        ("{matchLabels: {app: cert-manager}}", "fail"),
        ("{}", "fail"),
        ("null", "fail"),
        ("{matchExpressions: [{key: app.kubernetes.io/component, operator: In, values: [webhook]}]}", "pass"),
        ("{matchExpressions: [{key: app.kubernetes.io/component, operator: In, values: [webhook, x]}]}", "fail"),
        ("{matchExpressions: [{key: app.kubernetes.io/component, operator: Exists}]}", "fail"),
    ],
)
def test_a_budget_is_for_one_component(selector: str, expected: str) -> None:
    manifest = other("policy/v1", "PodDisruptionBudget", f"{{minAvailable: 1, selector: {selector}}}")
    assert verdict("cm-pdb-selector-scoped", manifest) == expected


def test_another_softwares_budget_is_not_looked_at() -> None:
    manifest = other("policy/v1", "PodDisruptionBudget", "{selector: {matchLabels: {app: trust-manager}}}")
    unlabeled = {**manifest, "metadata": {"name": "b", "namespace": "cert-manager"}}
    assert verdict("cm-pdb-selector-scoped", unlabeled) == "skip"


# Resources


@pytest.mark.parametrize(
    ("resources", "request_", "require", "forbid"),
    [
        ("{}", "fail", "fail", "pass"),
        ("{requests: {cpu: 100m}}", "pass", "fail", "pass"),
        ("{limits: {cpu: 100m}}", "pass", "pass", "fail"),
        ("{requests: {cpu: 2}, limits: {cpu: 2}}", "fail", "pass", "fail"),
        ("{requests: {cpu: '1'}}", "pass", "fail", "pass"),
        ("{requests: {cpu: 1.001}}", "fail", "fail", "pass"),
    ],
)
def test_cpu(resources: str, request_: str, require: str, forbid: str) -> None:
    manifest = with_container("webhook", f"resources: {resources}")
    assert verdict("cm-cpu-request", manifest) == request_
    assert verdict("cm-cpu-limit", manifest) == require
    assert verdict("cm-cpu-limit", manifest, {"mode": "forbid"}) == forbid
    assert verdict("cm-cpu-limit", manifest, {"mode": "ignore"}) == "pass"
    assert verdict("cm-cpu-limit", manifest, {"mode": "misspelt"}) == "fail"


@pytest.mark.parametrize(
    ("rule_id", "component", "resources", "floor"),
    [
        ("cm-controller-memory-floor", "controller", "{limits: {memory: 200Mi}}", "256Mi"),
        ("cm-cainjector-memory-floor", "cainjector", "{limits: {memory: 200Mi}}", "256Mi"),
        ("cm-cpu-floor", "controller", "{requests: {cpu: 20m}}", "0.1"),
        ("cm-cpu-floor", "cainjector", "{requests: {cpu: 20m}}", "0.1"),
    ],
)
def test_floors(rule_id: str, component: str, resources: str, floor: str) -> None:
    assert verdict(rule_id, with_container(component, f"resources: {resources}")) == "pass"
    assert verdict(rule_id, with_container(component, f"resources: {resources}"), {"floor": floor}) == "fail"
    assert verdict(rule_id, with_container(component, "{}"), {"floor": floor}) == "pass"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("[]", "fail"),
        ("[--enable-certificates-data-source]", "fail"),
        ("[--enable-certificates-data-source=true]", "fail"),
        ("[--enable-certificates-data-source=False]", "pass"),
        ("[--enable-certificates-data-source=0]", "pass"),
        ("[--enable-certificates-data-source=false, --enable-certificates-data-source]", "fail"),
    ],
)
def test_the_cainjector_does_without_certificates(args: str, expected: str) -> None:
    manifest = with_container("cainjector", f"args: {args}")
    assert verdict("cm-cainjector-no-certificate-source", manifest) == expected
    assert verdict("cm-cainjector-no-certificate-source", manifest, {"exclusive": False}) == "pass"


# Probes


@pytest.mark.parametrize(
    ("component", "probe", "expected"),
    [
        ("webhook", "{httpGet: {path: /livez, port: healthcheck}}", "pass"),
        ("webhook", "{httpGet: {path: /livez, port: 6080}}", "pass"),
        ("webhook", "{httpGet: {path: /healthz, port: 6080}}", "fail"),
        ("webhook", "{httpGet: {path: /livez, port: 10250, scheme: HTTPS}}", "fail"),
    ],
)
def test_the_webhooks_probe(component: str, probe: str, expected: str) -> None:
    assert verdict("cm-webhook-liveness-endpoint", with_container(component, f"livenessProbe: {probe}")) == expected


def timing(component: str, period: int | None, failures: int | None) -> JsonMap:
    probe = yaml.safe_dump({"livenessProbe": {"periodSeconds": period, "failureThreshold": failures}})
    return with_container(component, probe)


@pytest.mark.parametrize("period", [1, 2, 3, 7, 10, 59, 60, 61, 99, 100, 101, 250, 9800])
def test_a_probes_patience_is_its_period_times_its_failures(period: int) -> None:
    def patient(failures: int, seconds: int) -> bool:
        manifest = timing("controller", period, failures)
        return verdict("cm-liveness-timings", manifest, {"controller_seconds": seconds}) == "pass"

    cases = [(failures, seconds) for failures in (1, 2, 6, 60, 99, 100, 300) for seconds in (1, 59, 60, 600, 9801)]
    assert [case for case in cases if patient(*case)] == [case for case in cases if period * case[0] >= case[1]]


def test_a_probe_has_the_timing_that_kubernetes_gives_it() -> None:
    assert verdict("cm-liveness-timings", timing("webhook", None, None)) == "pass"
    assert verdict("cm-liveness-timings", timing("controller", None, None)) == "fail"
    assert verdict("cm-liveness-timings", timing("controller", None, None), {"controller_seconds": 30}) == "pass"


@pytest.mark.parametrize(
    ("period", "failures", "lasts"), [(0, 3, 30), (5, 0, 15), (0, 0, 30), (0, None, 30), (None, 0, 30), (0, 1, 10)]
)
def test_a_timing_of_0_is_the_default(period: int | None, failures: int | None, lasts: int) -> None:
    manifest = timing("controller", period, failures)
    assert verdict("cm-liveness-timings", manifest, {"controller_seconds": lasts}) == "pass"
    assert verdict("cm-liveness-timings", manifest, {"controller_seconds": lasts + 1}) == "fail"


@pytest.mark.parametrize(("period", "failures"), [(-1, 0), (0, -1)])
def test_a_negative_timing_never_lasts(period: int, failures: int) -> None:
    assert verdict("cm-liveness-timings", timing("controller", period, failures), {"controller_seconds": 1}) == "fail"


@pytest.mark.parametrize(
    ("ready", "expected"),
    [
        ("{httpGet: {path: /healthz, port: 6080}}", "pass"),
        ("{httpGet: {path: /livez, port: 6080}, periodSeconds: 5}", "fail"),
        ("{httpGet: {path: /livez, port: healthcheck}}", "pass"),
        ("null", "pass"),
    ],
)
def test_liveness_is_not_readiness(ready: str, expected: str) -> None:
    container = f"{{livenessProbe: {{httpGet: {{path: /livez, port: 6080}}}}, readinessProbe: {ready}}}"
    assert verdict("cm-liveness-not-readiness", with_container("webhook", container)) == expected


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        ("null", "pass"),
        ("{httpGet: {path: /livez, port: 9402}}", "fail"),
        ("{httpGet: {path: /livez/clockHealth, port: 9402}}", "fail"),
        ("{httpGet: {path: /livezz, port: 9402}}", "pass"),
    ],
)
def test_the_cainjector_has_no_livez(probe: str, expected: str) -> None:
    manifest = with_container("cainjector", f"livenessProbe: {probe}")
    assert verdict("cm-cainjector-liveness-exempt", manifest) == expected


@pytest.mark.parametrize(
    ("port", "expected"), [("http-healthz", "pass"), ("health", "fail"), ("9403", "pass"), ("9404", "pass")]
)
def test_a_probes_port_is_declared_where_it_has_a_name(port: str, expected: str) -> None:
    ports = "[{name: http-healthz, containerPort: 9403}]"
    manifest = with_container("controller", f"{{livenessProbe: {{httpGet: {{port: {port}}}}}, ports: {ports}}}")
    assert verdict("cm-healthz-port-declared", manifest) == expected
