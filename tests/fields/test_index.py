"""The field index knows every stable kind, its fields, and since when they are there."""

from __future__ import annotations

import pytest
from cmpolicy import ir
from cmpolicy.fields import index
from cmpolicy.fields.index import Field, ListOf, MapOf, ObjectType, Scalar


@pytest.mark.parametrize(
    ("name", "kind", "type_name"),
    [
        ("Deployment", ir.Kind("apps", "v1", "Deployment", "deployments", True), "Deployment"),
        ("apps/v1/Deployment", ir.Kind("apps", "v1", "Deployment", "deployments", True), "Deployment"),
        ("v1/Pod", ir.Kind("", "v1", "Pod", "pods", True), "Pod"),
        ("Node", ir.Kind("", "v1", "Node", "nodes", False), "Node"),
        ("Ingress", ir.Kind("networking.k8s.io", "v1", "Ingress", "ingresses", True), "Ingress"),
        (
            "NetworkPolicy",
            ir.Kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", True),
            "NetworkPolicy",
        ),
        ("Endpoints", ir.Kind("", "v1", "Endpoints", "endpoints", True), "Endpoints"),
        ("StorageClass", ir.Kind("storage.k8s.io", "v1", "StorageClass", "storageclasses", False), "StorageClass"),
        ("Event", ir.Kind("", "v1", "Event", "events", True), "Event"),
        ("events.k8s.io/v1/Event", ir.Kind("events.k8s.io", "v1", "Event", "events", True), "EventsEvent"),
        (
            "HorizontalPodAutoscaler",
            ir.Kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", True),
            "HorizontalPodAutoscaler",
        ),
        (
            "autoscaling/v1/HorizontalPodAutoscaler",
            ir.Kind("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", True),
            "HorizontalPodAutoscalerV1",
        ),
    ],
)
def test_kind_by_short_and_full_name(name: str, kind: ir.Kind, type_name: str) -> None:
    assert index.kind(name) == (kind, ObjectType(type_name))


@pytest.mark.parametrize(
    "name", ["Deploymnt", "apps/v1beta1/Deployment", "DeploymentList", "Scale", "Status", "PodSpec"]
)
def test_unknown_kind(name: str) -> None:
    with pytest.raises(KeyError):
        index.kind(name)


def test_every_kind_has_its_own_full_name_and_the_fields_of_an_object() -> None:
    kinds = [index.kind(name)[0] for name in index.kinds()]
    assert len({str(kind) for kind in kinds}) == len(kinds) > 60
    assert all({"apiVersion", "kind", "metadata"} <= index.fields(name).keys() for name in index.kinds())


@pytest.mark.parametrize(
    ("type_name", "field", "expected"),
    [
        ("DeploymentSpec", "replicas", Field(Scalar.INTEGER)),
        ("PodSpec", "hostNetwork", Field(Scalar.BOOLEAN)),
        ("PodSpec", "containers", Field(ListOf(ObjectType("Container")))),
        ("PodSpec", "nodeSelector", Field(MapOf(Scalar.STRING))),
        ("PodSpec", "hostnameOverride", Field(Scalar.STRING, since="1.34")),
        ("PodSpec", "workloadRef", Field(ObjectType("WorkloadReference"), since="1.35", until="1.35")),
        ("ResourceRequirements", "limits", Field(MapOf(Scalar.QUANTITY))),
        ("HTTPGetAction", "port", Field(Scalar.INT_OR_STRING)),
        ("JSONSchemaProps", "default", Field(Scalar.ANY)),
        ("JSONSchemaProps", "maximum", Field(Scalar.NUMBER)),
        ("ObjectMeta", "creationTimestamp", Field(Scalar.STRING)),
        ("NetworkPolicyIngressRule", "from", Field(ListOf(ObjectType("NetworkPolicyPeer")))),
        ("SubjectAccessReviewSpec", "extra", Field(MapOf(ListOf(Scalar.STRING)))),
    ],
)
def test_field(type_name: str, field: str, expected: Field) -> None:
    assert index.fields(type_name)[field] == expected


def test_every_type_that_a_field_names_is_in_the_index() -> None:
    spellings = {spelling for fields in index.load().types.values() for spelling in fields.values()}
    names = {spelling.split()[0].lstrip("[]{}") for spelling in spellings}
    assert {name for name in names if name[0].isupper()} <= index.load().types.keys()


@pytest.mark.parametrize(
    "field",
    [
        Field(Scalar.STRING),
        Field(ListOf(MapOf(ObjectType("PodSpec")))),
        Field(MapOf(Scalar.QUANTITY), since="1.27"),
        Field(Scalar.ANY, until="1.30"),
        Field(ListOf(Scalar.INTEGER), since="1.27", until="1.30"),
    ],
)
def test_spelling_is_read_back(field: Field) -> None:
    assert index.parse(index.spell(field)) == field


@pytest.mark.parametrize(
    ("written", "type_name", "meant"),
    [
        ("replica", "DeploymentSpec", "replicas"),
        ("hostnetwork", "PodSpec", "hostNetwork"),
        ("livenesProbe", "Container", "livenessProbe"),
        ("quux", "Container", None),
    ],
)
def test_suggestion(written: str, type_name: str, meant: str | None) -> None:
    assert index.suggest(written, index.fields(type_name)) == meant


def test_kinds_of_others_are_there_too() -> None:
    issuer = ir.Kind("cert-manager.io", "v1", "Issuer", "issuers", True)
    assert index.kind("cert-manager.io/v1/Issuer") == (issuer, ObjectType("Issuer"))
    assert not index.kind("ClusterIssuer")[0].namespaced
    assert index.fields("VaultIssuer")["server"] == Field(Scalar.STRING)


def test_kinds_of_others_take_no_name_from_kubernetes_and_lead_to_types_that_are_there() -> None:
    own, crds = index.read(index.INDEX_FILE), index.read(index.CRDS_FILE)
    assert own.types.keys() & crds.types.keys() == set()
    assert crds.kinds.keys() <= crds.types.keys()
    for name in crds.types:
        for field in index.fields(name).values():
            type_ = field.type
            while isinstance(type_, ListOf | MapOf):
                type_ = type_.item if isinstance(type_, ListOf) else type_.value
            assert not isinstance(type_, ObjectType) or type_.name in index.load().types
