"""What has no place among the odd manifests: what the model leaves alone, and what it does with what no server takes."""

from __future__ import annotations

from cmpolicy import ir
from cmpolicy.admission import admitted
from cmpolicy.admission.plugins import TOKEN_VOLUME
from cmpolicy.evaluate import inventory
from cmpolicy.fields import index
from cmpolicy.generate.edit import at
from cmpolicy.values import Json, JsonMap

DEPLOYMENT = index.kind("Deployment")[0]
POD = index.kind("Pod")[0]
SPEC = ("spec", "template", "spec")


def deployment(**spec: Json) -> JsonMap:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": spec}


def pod(account: str | None = None, **spec: Json) -> JsonMap:
    named = {} if account is None else {"serviceAccountName": account}
    containers: Json = [{"name": "a", "image": "a:1"}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a"},
        "spec": {"containers": containers, **named, **spec},
    }


def account(name: str, namespace: str = "default", **fields: Json) -> JsonMap:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata, **fields}


def mounted(manifest: JsonMap, *accounts: JsonMap) -> bool:
    volumes = at(admitted(manifest, POD, inventory(accounts)), ("spec", "volumes", 0, "name"))
    assert volumes in (None, TOKEN_VOLUME)
    return volumes is not None


def test_the_manifest_itself_stays_as_it_is() -> None:
    manifest = deployment(template={"spec": {"containers": [{"name": "a"}]}})
    admitted(manifest, DEPLOYMENT)
    assert manifest == deployment(template={"spec": {"containers": [{"name": "a"}]}})


def test_a_second_time_changes_nothing() -> None:
    once = admitted(pod(volumes=[{"name": "v"}]), POD)
    assert admitted(once, POD) == once


def test_objects_of_other_kinds_stay_as_they_are() -> None:
    kind = ir.Kind("cert-manager.io", "v1", "Certificate", "certificates", namespaced=True)
    manifest: JsonMap = {"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "spec": None}
    assert admitted(manifest, kind) is manifest
    old = ir.Kind("extensions", "v1beta1", "Deployment", "deployments", namespaced=True)
    assert admitted(deployment(), old) == deployment()


def test_values_of_a_wrong_type_stay_for_the_rules_to_judge() -> None:
    found = admitted(
        deployment(replicas="3", template={"spec": {"containers": {"a": 1}, "volumes": ["v"]}}), DEPLOYMENT
    )
    assert at(found, ("spec", "replicas")) == "3"
    assert at(found, (*SPEC, "containers")) == {"a": 1}
    assert at(found, (*SPEC, "volumes")) == ["v"]
    assert admitted({**deployment(), "spec": 3}, DEPLOYMENT)["spec"] == 3
    assert admitted({**pod(), "spec": []}, POD)["spec"] == []


def test_what_the_server_writes_is_left_as_it_is() -> None:
    manifest: JsonMap = {
        **deployment(),
        "status": {"replicas": 0},
        "metadata": {"name": "a", "uid": "u", "generation": 3},
    }
    found = admitted(manifest, DEPLOYMENT)
    assert found["status"] == {"replicas": 0}
    assert found["metadata"] == {"name": "a", "uid": "u", "generation": 3, "namespace": "default"}
    assert "status" not in admitted(deployment(), DEPLOYMENT)


def test_unknown_fields_are_lost() -> None:
    assert "replica" not in str(admitted(deployment(replica=3, replicas=2), DEPLOYMENT)).replace("replicas", "")


def test_a_token_is_mounted_unless_pod_or_account_says_otherwise() -> None:
    silent, willing, unwilling = (account("a", automountServiceAccountToken=each) for each in (None, True, False))
    assert mounted(pod())
    assert mounted(pod("a"))
    assert mounted(pod("a"), silent)
    assert mounted(pod("a"), willing)
    assert not mounted(pod("a"), unwilling)
    assert not mounted(pod("a", automountServiceAccountToken=False), willing)
    assert mounted(pod("a", automountServiceAccountToken=True), unwilling)


def test_the_account_is_that_of_the_namespace_and_name() -> None:
    elsewhere = account("a", "elsewhere", automountServiceAccountToken=False)
    assert mounted(pod("a"), elsewhere)
    assert mounted(pod("b"), account("a", automountServiceAccountToken=False))
    assert not mounted(pod(), account("default", automountServiceAccountToken=False))


def test_an_account_brings_its_pull_secrets_to_pods_that_name_none() -> None:
    known = inventory([account("a", imagePullSecrets=[{"name": "s"}])])
    assert at(admitted(pod("a"), POD, known), ("spec", "imagePullSecrets")) == [{"name": "s"}]
    own: Json = [{"name": "own"}]
    assert at(admitted(pod("a", imagePullSecrets=own), POD, known), ("spec", "imagePullSecrets")) == own


def test_a_mirror_pod_gets_no_account() -> None:
    mirror: JsonMap = {**pod(), "metadata": {"name": "a", "annotations": {"kubernetes.io/config.mirror": ""}}}
    assert at(admitted(mirror, POD), ("spec", "serviceAccountName")) is None


def test_the_number_of_a_priority_class_of_the_cluster_is_not_known() -> None:
    spec = admitted(pod(priorityClassName="high"), POD)["spec"]
    assert isinstance(spec, dict)
    assert "priority" not in spec
    assert at(admitted(pod(priorityClassName="system-node-critical"), POD), ("spec", "priority")) == 2_000_001_000
